using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>Scripts of other origins read answers only where the settings name the origin, and act with cookies only where they say that
/// too.</summary>
public sealed class CrossOriginTests(CrossOriginTests.Opened running, RunningApp closed) : IClassFixture<CrossOriginTests.Opened>
{
    private const string App = "https://app.example.com";
    private const string Own = "https://own.example.com";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(App, "")]
    [InlineData(Own, "true")]
    [InlineData("https://dev.example.com:8443", "")]
    public async Task A_listed_origin_passes_the_preflight_and_reads_every_answer(string origin, string credentials)
    {
        var preflight = await PreflightAsync(origin);
        Assert.Equal((HttpStatusCode.NoContent, origin), (preflight.Status, preflight.Header("Access-Control-Allow-Origin")));
        Assert.Equal(credentials, preflight.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("PATCH", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("Origin", preflight.Header("Vary"), StringComparison.Ordinal);

        foreach (var path in new[] { "/v1/usernames/ada", "/v1/usernames/a", "/v1/me" })
        {
            var answer = await app.Users.SendAsync(HttpMethod.Get, path, ("Origin", origin));
            Assert.Equal(
                (origin, credentials),
                (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials"))
            );
            Assert.Contains("Retry-After", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/nothing-here", null, 404)]
    [InlineData("DELETE", "/v1/usernames/ada", null, 405)]
    [InlineData("GET", "/v1/registrations", null, 405)]
    [InlineData("PATCH", "/v1/me", "text/plain", 415)]
    [InlineData("POST", "/v1/sessions", "application/x-www-form-urlencoded", 415)]
    [InlineData("POST", "/v1/registrations/no-uuid/verify", "application/json", 404)]
    [InlineData("GET", "/v1/usernames/ada?x=%01", null, 400)]
    public async Task A_listed_origin_reads_what_is_rejected_before_any_operation_is_found(
        string method,
        string path,
        string? type,
        int status
    )
    {
        foreach (var (origin, allowed) in new[] { (App, App), (Own, Own), ("https://evil.example", "") })
        {
            var preflight = await PreflightAsync(origin, method: method, path: path);
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), path)
            {
                Content = type is null ? null : new ByteArrayContent("{}"u8.ToArray()),
            };
            request.Headers.Add("Origin", origin);
            if (type is not null)
                request.Content!.Headers.TryAddWithoutValidation("Content-Type", type);
            var answer = await app.Users.SendAsync(request);

            Assert.Equal((status, allowed), ((int)answer.Status, answer.Header("Access-Control-Allow-Origin")));
            if (status != 400)
                Assert.Equal(allowed, preflight.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:444")]
    [InlineData("https://sub.app.example.com")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Any_other_origin_reads_nothing(string origin)
    {
        foreach (
            var answer in new[]
            {
                await PreflightAsync(origin),
                await app.Users.SendAsync(HttpMethod.Get, "/v1/usernames/ada", ("Origin", origin)),
            }
        )
        {
            Assert.Equal(("", ""), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials")));
        }
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/account")]
    [InlineData("/nothing-here")]
    [InlineData("/v1x/nothing-here")]
    [InlineData("/inbox/messages")]
    public async Task Pages_are_no_part_of_it(string path) =>
        Assert.Equal("", (await app.Users.SendAsync(HttpMethod.Get, path, ("Origin", Own))).Header("Access-Control-Allow-Origin"));

    [Theory]
    [InlineData(Own, "same-site", HttpStatusCode.Created)]
    [InlineData(App, "same-site", HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", "cross-site", HttpStatusCode.Forbidden)]
    public async Task Cookies_count_only_for_who_may_send_them(string origin, string site, HttpStatusCode expected)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);
        browser.Set("Origin", origin);
        browser.Set("Sec-Fetch-Site", site);

        Assert.Equal(expected, (await browser.SignInAsync(email)).Status);
    }

    [Fact]
    public async Task Nothing_is_open_unless_the_settings_say_so()
    {
        Assert.Equal(
            "",
            (await closed.App.Users.SendAsync(HttpMethod.Get, "/v1/usernames/ada", ("Origin", App))).Header("Access-Control-Allow-Origin")
        );
        Assert.Equal("", (await PreflightAsync(App, closed.App)).Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*.example.com")]
    [InlineData("https://app.example.com/path")]
    [InlineData("app.example.com")]
    [InlineData("ftp://app.example.com")]
    public async Task What_is_no_origin_is_refused_at_the_start(string entry)
    {
        foreach (var setting in new[] { "CrossOrigin:Origins", "CrossOrigin:CredentialOrigins" })
        {
            var error = await Assert.ThrowsAsync<Gatehouse.Core.Configuration.SettingsException>(() =>
                TestApp.StartAsync(
                    databases: app.Databases,
                    settings: new Dictionary<string, string?>(StringComparer.Ordinal) { [setting] = entry }
                )
            );
            Assert.Contains(setting, error.Message, StringComparison.Ordinal);
        }
    }

    private Task<Answer> PreflightAsync(string origin, TestApp? at = null, string method = "PATCH", string path = "/v1/me") =>
        (at ?? app).Users.SendAsync(
            HttpMethod.Options,
            path,
            ("Origin", origin),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization,content-type")
        );

    public sealed class Opened : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(
                settings: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["CrossOrigin:Origins"] = CrossOriginTests.App + ",HTTPS://Dev.example.com:8443",
                    ["CrossOrigin:CredentialOrigins"] = Own + ":443",
                }
            );

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
