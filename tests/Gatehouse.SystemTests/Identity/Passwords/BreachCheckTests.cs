using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Identity.Passwords;

public sealed class BreachCheckTests : IAsyncLifetime
{
    private RangeServer ranges = null!;
    private TestApp app = null!;

    public async ValueTask InitializeAsync()
    {
        ranges = await RangeServer.StartAsync();
        app = await StartAsync(ranges.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await ranges.DisposeAsync();
    }

    [Fact]
    public async Task A_password_known_from_a_breach_is_rejected_and_nothing_is_stored()
    {
        ranges.Lists(TestUsers.Password, seen: 3);
        var before = await app.FootprintAsync();

        var answer = await app.Users.RegisterAsync(TestUsers.NewEmail());

        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.Equal(["password: identity.password-breached"], answer.Errors);
        Assert.Equal(before, await app.FootprintAsync());
        await AssertCountedAsync("found");
    }

    [Fact]
    public async Task A_password_that_is_only_padding_or_not_listed_is_accepted()
    {
        ranges.Lists(TestUsers.Password, seen: 0);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);

        ranges.Lists("another password than this one", seen: 7);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);

        await AssertCountedAsync("absent");
        Assert.Equal(2, ranges.Requests.Count);
    }

    [Fact]
    public async Task Five_digits_leave_the_server_and_nothing_else()
    {
        using var trace = new TraceOf();
        await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email = TestUsers.NewEmail(),
                name = "Ada",
                password = TestUsers.Password,
            },
            trace.Header,
            ("tracestate", "a=b"),
            ("baggage", "person=ada"),
            ("Cookie", "a=b"),
            ("User-Agent", "Somebody/1.0")
        );

        var sent = Assert.Single(ranges.Requests);
        Assert.Equal(("GET", $"/range/{RangeServer.Digest(TestUsers.Password)[..5]}", ""), (sent.Method, sent.Target, sent.Body));
        Assert.Equal(["Add-Padding", "Host", "User-Agent"], sent.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("true", "Gatehouse"), (sent.Headers["Add-Padding"], sent.Headers["User-Agent"]));
    }

    [Fact]
    public async Task What_is_rejected_anyway_is_not_looked_up()
    {
        Assert.Equal(
            ["password: identity.password-too-short"],
            (await app.Users.RegisterAsync(TestUsers.NewEmail(), password: "short")).Errors
        );
        Assert.Equal(["email: identity.email-invalid"], (await app.Users.RegisterAsync("nobody")).Errors);

        Assert.Empty(ranges.Requests);
    }

    [Fact]
    public async Task By_default_nobody_is_asked()
    {
        ranges.Lists(TestUsers.Password, seen: 3);
        await using var other = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Passwords:BreachService"] = ranges.Address }
        );

        Assert.Equal(HttpStatusCode.Accepted, (await other.Users.RegisterAsync(TestUsers.NewEmail())).Status);

        Assert.Empty(ranges.Requests);
    }

    public static TheoryData<string, string> Failures =>
        new()
        {
            { "error", "refused" },
            { "redirect", "refused" },
            { "page", "malformed" },
            { "no line break", "malformed" },
            { "endless", "too-large" },
            { "cut off", "unreachable" },
            { "no HTTP", "unreachable" },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_service_that_gives_no_good_answer_lets_the_password_pass_and_that_is_recorded(string behaviour, string reason)
    {
        ranges.Answer = Behaviour(behaviour);

        await AssertPassesAsync(app, reason);

        Assert.Single(ranges.Requests);
    }

    [Fact]
    public async Task A_service_that_is_away_lets_the_password_pass_and_that_is_recorded()
    {
        await using var alone = await StartAsync("http://127.0.0.1:1");

        await AssertPassesAsync(alone, "unreachable");
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("drop by drop")]
    public async Task A_slow_service_is_not_waited_for_and_that_is_recorded(string behaviour)
    {
        await using var hasty = await StartAsync(ranges.Address, timeout: "200ms");
        ranges.Answer = Behaviour(behaviour);

        await AssertPassesAsync(hasty, "timed-out");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Known_and_unknown_addresses_are_looked_up_alike(bool answers)
    {
        var (known, unknown) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await app.Users.RegisteredUserAsync(known);
        if (!answers)
            ranges.Answer = Behaviour("error");
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        await RegisterAsync(app, known, ofKnown);
        await RegisterAsync(app, unknown, ofUnknown);

        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        Assert.Single(ofKnown.Work(), "password.breach-check");
        Assert.Equal(!answers, ofKnown.Work().Contains("password.breach-check-failed"));
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The answer ends with its request.")]
    private static Func<HttpContext, Task> Behaviour(string name) =>
        async http =>
        {
            const string Line = "00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n";
            switch (name)
            {
                case "error":
                    http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    break;
                case "redirect":
                    http.Response.Redirect("/elsewhere");
                    break;
                case "page":
                    await http.Response.WriteAsync("<html><body>Sign in to this network first</body></html>");
                    break;
                case "no line break":
                    await http.Response.WriteAsync(new string('A', 100_000));
                    break;
                case "endless":
                    while (!http.RequestAborted.IsCancellationRequested)
                        await http.Response.WriteAsync(string.Concat(Enumerable.Repeat(Line, 100)), http.RequestAborted);
                    break;
                case "cut off":
                    http.Response.ContentLength = 10_000;
                    await http.Response.WriteAsync(Line);
                    await http.Response.Body.FlushAsync();
                    http.Abort();
                    break;
                case "no HTTP":
                    http.Abort();
                    break;
                case "silent":
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
                    break;
                case "drop by drop":
                    while (true)
                    {
                        await http.Response.WriteAsync(Line, http.RequestAborted);
                        await http.Response.Body.FlushAsync(http.RequestAborted);
                        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, http.RequestAborted);
                    }

                default:
                    throw new ArgumentOutOfRangeException(nameof(name));
            }
        };

    private static async Task AssertPassesAsync(TestApp app, string reason)
    {
        using var trace = new TraceOf();

        var answer = await RegisterAsync(app, TestUsers.NewEmail(), trace);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Single(trace.Work(), "password.breach-check-failed");
        Assert.Single(app.Logs.Lines, line => line.Contains($"accepted without the breach check: {reason}", StringComparison.Ordinal));
        await AssertCountedAsync(app, reason);
    }

    private static Task<Answer> RegisterAsync(TestApp app, string email, TraceOf trace) =>
        app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            trace.Header
        );

    private Task AssertCountedAsync(string result) => AssertCountedAsync(app, result);

    private static async Task AssertCountedAsync(TestApp app, string result)
    {
        var metrics = await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Matches($"gatehouse_passwords_breach_checks_total\\{{[^}}]*result=\"{result}\"[^}}]*\\}} [1-9]", metrics);
        Assert.DoesNotContain(RangeServer.Digest(TestUsers.Password)[..5], metrics, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(string service, string timeout = "10s") =>
        TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Passwords:BreachCheck"] = "range",
                ["Passwords:BreachService"] = service,
                ["Passwords:BreachTimeout"] = timeout,
            }
        );
}
