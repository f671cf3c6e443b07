using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>An application that writes a line for each request.</summary>
public sealed class AccessLoggedApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        App = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["AccessLog:Enabled"] = "true" }
        );

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}

public sealed class AccessLogTests(AccessLoggedApp logged) : IClassFixture<AccessLoggedApp>
{
    private const string FirstTenant = "00000000-0001-7000-8000-000000000001";

    private readonly TestApp app = logged.App;

    [Fact]
    public async Task A_line_names_the_user_of_an_access_token()
    {
        var ada = await app.Users.SomebodyAsync();
        var trace = ActivityTraceId.CreateRandom();

        await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions?cursor=hidden", ada.Tokens.Header, TraceParent(trace));

        Assert.Matches(
            $@"^Information Gatehouse\.AccessLog GET /v1/sessions \d+ in [\d.]+ ms, "
                + $"user {ada.UserId}, tenant {FirstTenant}, trace {trace} $",
            await LineAsync(trace)
        );
    }

    [Fact]
    public async Task A_line_names_the_user_of_cookies()
    {
        var email = TestUsers.NewEmail();
        var registered = await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);
        await browser.SignInAsync(email, remember: false);
        var before = app.Logs.Lines.Count;

        await browser.GetAsync("/v1/me");

        var user = registered.Body.GetProperty("user").GetProperty("id").GetGuid();
        await TestApp.EventuallyAsync(
            () =>
                Task.FromResult(
                    app.Logs.Lines.Skip(before)
                        .Any(line =>
                            line.Contains("AccessLog GET /v1/me 200", StringComparison.Ordinal)
                            && line.Contains($"user {user},", StringComparison.Ordinal)
                        )
                ),
            "the line of the request"
        );
    }

    [Fact]
    public async Task No_line_repeats_an_address_or_a_secret_that_a_caller_put_into_a_path()
    {
        var (trace, secret) = (ActivityTraceId.CreateRandom(), RandomNumberGenerator.GetHexString(32));

        var answer = await app.Users.SendAsync(HttpMethod.Get, $"/accounts/{secret}@example.com?token={secret}", TraceParent(trace));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("GET (none) 404 in ", await LineAsync(trace), StringComparison.Ordinal);
        // The framework's scope names the path; nothing that writes scopes is part of the program.
        Assert.DoesNotContain(
            app.Logs.Lines,
            line => line.Contains(secret, StringComparison.Ordinal) && !line.StartsWith("scope ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_rejection_before_anybody_is_known_has_its_line_too()
    {
        var trace = ActivityTraceId.CreateRandom();

        await app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Bearer forged"), TraceParent(trace));

        Assert.Contains("GET /v1/me 401 in ", await LineAsync(trace), StringComparison.Ordinal);
        Assert.Contains(" user (none), ", await LineAsync(trace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_and_the_management_listener_leave_no_line()
    {
        var trace = ActivityTraceId.CreateRandom();
        await app.Users.SendAsync(HttpMethod.Get, "/health/ready", TraceParent(trace));
        await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        await app.Management.GetStringAsync(new Uri("/health", UriKind.Relative));
        var last = ActivityTraceId.CreateRandom();
        await app.Users.SendAsync(HttpMethod.Get, "/.well-known/jwks.json", TraceParent(last));
        await LineAsync(last);

        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(trace.ToHexString(), StringComparison.Ordinal));
        Assert.DoesNotContain(
            app.Logs.Lines,
            line => Regex.IsMatch(line, @"AccessLog .*(health|metrics)", RegexOptions.None, TimeSpan.FromSeconds(1))
        );
    }

    private static (string Name, string Value) TraceParent(ActivityTraceId trace) => ("traceparent", $"00-{trace}-00f067aa0ba902b7-01");

    // The line follows the answer.
    private async Task<string> LineAsync(ActivityTraceId trace)
    {
        IReadOnlyList<string> lines = [];
        await TestApp.EventuallyAsync(
            () => Task.FromResult((lines = Lines(trace)).Count > 0),
            "the line of the request",
            meanwhile: () => string.Join('\n', app.Logs.Lines.Where(l => l.Contains("AccessLog", StringComparison.Ordinal)))
        );
        return Assert.Single(lines);
    }

    private List<string> Lines(ActivityTraceId trace) =>
        [
            .. app.Logs.Lines.Where(line =>
                line.StartsWith("Information Gatehouse.AccessLog ", StringComparison.Ordinal)
                && line.Contains($", trace {trace}", StringComparison.Ordinal)
            ),
        ];
}
