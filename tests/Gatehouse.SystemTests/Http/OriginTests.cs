using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.Health;

namespace Gatehouse.SystemTests.Http;

/// <summary>What browsers of all ages say of where a request comes from, with and without proxies in front.</summary>
public sealed class OriginTests(OriginTests.Proxied running) : IClassFixture<OriginTests.Proxied>
{
    private static readonly KeyValuePair<string, string>[] Fields = [KeyValuePair.Create("token", new string('A', 43))];

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "null")]
    [InlineData("same-origin", null)]
    [InlineData("same-origin", "null")]
    [InlineData("none", null)]
    [InlineData(null, "OWN")]
    public async Task A_form_with_its_token_passes_whatever_an_older_browser_leaves_out(string? site, string? origin)
    {
        using var browser = BrowserThatSays(site, origin);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync("/register/confirm", Fields)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await ChooseLanguageAsync(browser)).Status);
        // Where no form holds a token, the header does what it does.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Status);
    }

    [Theory]
    [InlineData("cross-site", null)]
    [InlineData("cross-site", "null")]
    [InlineData("cross-site", "OWN")]
    [InlineData("same-site", null)]
    [InlineData(null, "https://evil.example")]
    [InlineData("same-origin", "https://evil.example")]
    [InlineData(null, "https://accounts.example.com.evil.example")]
    [InlineData(null, "https://accounts.example.com:444")]
    [InlineData(null, "http://accounts.example.com")]
    [InlineData(null, "https://accounts.example.com@evil.example")]
    [InlineData(null, "https://evil.example/https://accounts.example.com")]
    [InlineData(null, "file://")]
    [InlineData(null, "rubbish")]
    public async Task What_the_browser_says_comes_from_elsewhere_is_refused(string? site, string? origin)
    {
        using var browser = BrowserThatSays(site, origin);

        Assert.Equal("request.cross-site", (await browser.SubmitAsync("/register/confirm", Fields)).Code);
        Assert.Equal("request.forbidden", (await ChooseLanguageAsync(browser)).Code);
        Assert.Equal("request.cross-site", (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Code);
    }

    [Theory]
    [InlineData("https://shop.example", "shop.example", "https")]
    [InlineData("https://shop.example", "shop.example:443", "https")]
    [InlineData("https://shop.example:443", "shop.example", "https")]
    [InlineData("HTTPS://Shop.Example", "shop.example", "https")]
    [InlineData("https://shop.example", "SHOP.example", "HTTPS")]
    [InlineData("http://shop.example", "shop.example:80", "http")]
    [InlineData("https://shop.example:8443", "shop.example:8443", "https")]
    [InlineData("https://accounts.example.com", "10.1.2.3:8080", "http")]
    [InlineData("https://ACCOUNTS.example.com:443", "internal", "http")]
    public async Task The_own_origin_behind_a_proxy_is_compared_by_its_value(string origin, string host, string scheme)
    {
        using var browser = BrowserThatSays(site: null, origin);
        browser.Set("X-Forwarded-Host", host);
        browser.Set("X-Forwarded-Proto", scheme);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync("/register/confirm", Fields)).Status);
    }

    [Fact]
    public async Task A_proxy_that_nobody_trusts_is_told_of_once_in_the_log_and_by_the_doctor()
    {
        await using var untrusting = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Http:PublicUrl"] = "https://accounts.example.com" }
        );
        Assert.DoesNotContain(untrusting.Logs.Lines, IsAboutProxies);
        for (var i = 0; i < 3; i++)
            await untrusting.Users.SendAsync(HttpMethod.Get, "/sign-in", ("X-Forwarded-Proto", "https"));
        var line = Assert.Single(untrusting.Logs.Lines, IsAboutProxies);
        Assert.Contains("GATEHOUSE__PROXIES__TRUSTED", line, StringComparison.Ordinal);

        // The form passes all the same where the address is the public one.
        using var browser = new Browser(untrusting);
        browser.Set("Origin", "https://accounts.example.com");
        browser.Set("X-Forwarded-Proto", "https");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync("/register/confirm", Fields)).Status);

        var finding = Assert.Single(
            await untrusting.Services.GetRequiredService<Doctor>().ExamineAsync(CancellationToken.None),
            f => f.Subject == "proxies"
        );
        Assert.Equal(FindingLevel.Advice, finding.Level);
        Assert.Contains("GATEHOUSE__PROXIES__TRUSTED", finding.Remedy, StringComparison.Ordinal);

        await app.Users.SendAsync(HttpMethod.Get, "/sign-in", ("X-Forwarded-Proto", "https"));
        Assert.DoesNotContain(app.Logs.Lines, IsAboutProxies);
        Assert.Contains(
            await app.Services.GetRequiredService<Doctor>().ExamineAsync(CancellationToken.None),
            f => f is { Subject: "proxies", Level: FindingLevel.Good }
        );

        static bool IsAboutProxies(string line) =>
            line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("X-Forwarded-Proto", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/usernames/ada")]
    [InlineData("/v1/usernames/a")]
    [InlineData("/v1/me")]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/nowhere")]
    [InlineData("/inbox")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs")]
    [InlineData("/docs/api/index.html")]
    [InlineData("/asyncapi.json")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/change-password")]
    public async Task Head_answers_as_get_without_the_body(string path)
    {
        using var browser = new Browser(app);
        var get = await browser.GetAsync(path);

        var head = await browser.SendAsync(HttpMethod.Head, path);

        Assert.Equal((get.Status, ""), (head.Status, head.Text));
        Assert.Equal(Names(get), Names(head));
        Assert.Equal(get.Header("Content-Type"), head.Header("Content-Type"));
        Assert.Equal(get.Header("ETag"), head.Header("ETag"));

        // Each page has a form cookie of its own; how a body is framed is the connection's matter.
        static IEnumerable<string> Names(Answer answer) =>
            answer
                .Response.Headers.Concat(answer.Response.Content.Headers)
                .Select(h => h.Key)
                .Except(["Transfer-Encoding", "Content-Length", "Set-Cookie"], StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Head_of_what_has_no_get_is_refused()
    {
        var answer = await app.Users.SendAsync(HttpMethod.Head, "/v1/registrations");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (answer.Status, answer.Header("Allow")));
    }

    [Fact]
    public async Task The_well_known_address_leads_to_where_a_password_is_changed()
    {
        using var browser = new Browser(app);

        var answer = await browser.GetAsync("/.well-known/change-password");

        Assert.Equal((HttpStatusCode.SeeOther, "/forgot"), (answer.Status, answer.Location()));
        // Password managers ask for an address that cannot exist, to see whether statuses can be believed.
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await browser.GetAsync("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200")).Status
        );
    }

    private static Task<Answer> ChooseLanguageAsync(Browser browser) =>
        browser.SendAsync(
            HttpMethod.Post,
            "/language",
            new FormUrlEncodedContent([KeyValuePair.Create("language", "es"), KeyValuePair.Create("returnUrl", "/")])
        );

    private Browser BrowserThatSays(string? site, string? origin)
    {
        var browser = new Browser(app);
        browser.Set("Sec-Fetch-Site", site);
        browser.Set("Origin", origin == "OWN" ? app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        return browser;
    }

    /// <summary>Behind a proxy on this machine that ends TLS.</summary>
    public sealed class Proxied : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(
                settings: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["Http:PublicUrl"] = "https://accounts.example.com",
                    ["Proxies:Trusted"] = "127.0.0.1",
                }
            );

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
