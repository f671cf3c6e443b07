using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Captcha;

/// <summary>Operations that ask for a captcha.</summary>
public sealed class CaptchaTests : IClassFixture<CaptchaApp>, IDisposable
{
    private readonly CaptchaApp running;
    private readonly TestApp app;
    private readonly CaptchaServer server;
    private readonly ConcurrentBag<(object? Factory, string? Result)> counted = [];
    private readonly MeterListener listener;

    public CaptchaTests(CaptchaApp running)
    {
        (this.running, app, server) = (running, running.App, running.Server);
        listener = Listen();
    }

    public static TheoryData<string, HttpStatusCode> Operations =>
        new()
        {
            { "/v1/registrations", HttpStatusCode.Accepted },
            { "/v1/password-resets", HttpStatusCode.Accepted },
            { "/v1/sign-in-codes", HttpStatusCode.Accepted },
            { "/v1/sessions", HttpStatusCode.Unauthorized },
        };

    public void Dispose()
    {
        listener.Dispose();
        server.Answer = null;
        server.Requests.Clear();
        app.Logs.Lines.Clear();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_goes_on_only_with_a_good_token(string path, HttpStatusCode done)
    {
        foreach (var spelling in new[] { path, path + "/", path.ToUpperInvariant() })
        {
            var before = await app.FootprintAsync();
            foreach (var (token, code) in new[] { (null, "required"), ("", "required"), ("0.bad", "rejected") })
            {
                var answer = await app.Users.PostAsync(spelling, Body(path, token));
                Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
                Assert.Equal([$"captchaToken: identity.captcha-{code}"], answer.Errors);
            }

            Assert.Equal(before, await app.FootprintAsync());
            Assert.Equal(done, (await app.Users.PostAsync(spelling, Body(path, CaptchaServer.Good))).Status);
        }

        AssertCounted(app, "accepted");
        AssertCounted(app, "rejected");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Nothing_is_looked_up_before_the_token_is_good(string path, HttpStatusCode done)
    {
        Assert.InRange((int)done, 200, 401);
        using var trace = new TraceOf();

        await app.Users.PostAsync(path, Body(path, "0.bad"), trace.Header);

        Assert.Single(trace.Work(), "captcha.verify");
        Assert.DoesNotContain(trace.Work(), step => step.Contains("identity.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Tokens_that_no_provider_makes_are_rejected_here(string path, HttpStatusCode done)
    {
        Assert.InRange((int)done, 200, 401);
        foreach (var token in new[] { new string('x', 8193), "a b", "a\nb", "tóken", "\u202e", "a&success=true\u0000" })
            Assert.Equal(["captchaToken"], (await app.Users.PostAsync(path, Body(path, token))).Errors.Select(e => e.Split(':')[0]));
        var body = Body(path, token: null).ToDictionary(member => member.Key, member => (object?)member.Value, StringComparer.Ordinal);
        body["captchaToken"] = new[] { CaptchaServer.Good };
        Assert.Equal(["captchaToken: request.wrong-type"], (await app.Users.PostAsync(path, body)).Errors);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_answer_is_the_same_with_and_without_an_account()
    {
        var known = await SomebodyAsync();
        foreach (var path in new[] { "/v1/password-resets", "/v1/sign-in-codes", "/v1/sessions" })
        {
            using var ofKnown = new TraceOf();
            using var ofUnknown = new TraceOf();
            var (first, second) = (
                await app.Users.PostAsync(path, Body(path, "0.bad", known), ofKnown.Header),
                await app.Users.PostAsync(path, Body(path, "0.bad", TestUsers.NewEmail()), ofUnknown.Header)
            );
            Assert.Equal(second.Errors, first.Errors);
            Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        }
    }

    [Fact]
    public async Task While_the_provider_is_away_the_request_passes_and_that_is_recorded()
    {
        server.Answer = CaptchaServer.Body("<html>no such service</html>");
        var before = await RecordsAsync();

        Assert.Equal(
            HttpStatusCode.Accepted,
            (await app.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", "0.whatever"))).Status
        );

        Assert.Equal(before + 1, await RecordsAsync());
        Assert.Single(
            app.Logs.Lines,
            line => line.Contains("could not be verified for password-reset: malformed", StringComparison.Ordinal)
        );
        AssertCounted(app, "malformed");

        Task<long> RecordsAsync() =>
            app.ScalarAsync<long>(
                """
                select count(*) from audit.records
                 where action = 'captcha.skipped' and facts::jsonb ->> 'operation' = 'password-reset' and reason = 'malformed'
                """
            );
    }

    [Fact]
    public async Task Or_it_is_rejected_where_the_settings_say_so()
    {
        server.Answer = CaptchaServer.Body("", 500);

        var answer = await running.Strict.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", "0.whatever"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable"), (answer.Status, answer.Code));
        AssertCounted(running.Strict, "refused");
    }

    [Fact]
    public async Task Operators_see_how_many_passed_failed_and_could_not_be_verified()
    {
        var before = await CountsAsync();

        await ResetAsync(CaptchaServer.Good);
        await ResetAsync(CaptchaServer.Good);
        await ResetAsync("0.bad");
        server.Answer = CaptchaServer.Body("", 500);
        await ResetAsync("0.whatever");
        await ResetAsync("0.whatever");
        await ResetAsync("0.whatever");

        var after = await CountsAsync();
        Assert.Equal((2, 1, 3), (Grown("accepted"), Grown("rejected"), Grown("refused")));

        Task<Answer> ResetAsync(string token) => app.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", token));

        int Grown(string result) => after.GetValueOrDefault(result) - before.GetValueOrDefault(result);
    }

    [Fact]
    public async Task A_score_has_to_be_high_enough_and_of_the_same_action()
    {
        Assert.Equal([], await ResetAsync("0.5", "password_reset"));
        Assert.Equal(["captchaToken: identity.captcha-rejected"], await ResetAsync("0.4", "password_reset"));
        Assert.Equal(["captchaToken: identity.captcha-rejected"], await ResetAsync("0.9", "registration"));

        async Task<IReadOnlyList<string>> ResetAsync(string score, string action)
        {
            server.Answer = CaptchaServer.Body($$"""{"success":true,"score":{{score}},"action":"{{action}}"}""");
            return (await running.Strict.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", "0.whatever"))).Errors;
        }
    }

    [Fact]
    public async Task A_sign_in_is_asked_for_it_only_after_one_that_failed_with_and_without_an_account()
    {
        var known = await SomebodyAsync();
        server.Answer = CaptchaServer.Body("""{"success":true,"score":0.9,"action":"sign_in"}""");
        foreach (var email in new[] { known, TestUsers.NewEmail() })
        {
            Assert.Equal("identity.invalid-credentials", (await SignInAsync(email, "wrong", token: null)).Code);
            Assert.Equal(["captchaToken: identity.captcha-required"], (await SignInAsync(email, "wrong", token: null)).Errors);
            Assert.Equal("identity.invalid-credentials", (await SignInAsync(email, "wrong", "0.token")).Code);
        }

        // A good one takes the failures back.
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(known, TestUsers.Password, "0.token")).Status);
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync(known, TestUsers.Password, token: null)).Status);

        Task<Answer> SignInAsync(string identifier, string password, string? token) =>
            running.Strict.Users.PostAsync(
                "/v1/sessions",
                new
                {
                    identifier,
                    password,
                    captchaToken = token,
                }
            );
    }

    [Fact]
    public async Task Neither_token_nor_secret_is_written_anywhere()
    {
        const string Token = "0.a-token-to-be-found-nowhere";
        using var trace = new TraceOf();
        await app.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", Token), trace.Header);
        server.Answer = CaptchaServer.Body("nonsense");
        await app.Users.PostAsync("/v1/password-resets", Body("/v1/password-resets", Token), trace.Header);

        Assert.NotEmpty(trace.Texts());
        foreach (var secret in new[] { Token, CaptchaServer.Secret })
        {
            Assert.DoesNotContain(trace.Texts(), text => text.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static Dictionary<string, string?> Body(string path, string? token, string? email = null)
    {
        var (identifier, isRegistration) = (email ?? TestUsers.NewEmail(), path.Contains("/registrations", StringComparison.Ordinal));
        var body = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["captchaToken"] = token,
            [isRegistration ? "email" : "identifier"] = identifier,
        };
        if (isRegistration)
            body["name"] = "Ada";
        if (isRegistration || path.Contains("/sessions", StringComparison.Ordinal))
            body["password"] = TestUsers.Password;
        return body;
    }

    private async Task<string> SomebodyAsync()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync("/v1/registrations", Body("/v1/registrations", CaptchaServer.Good, email));
        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        return email;
    }

    /// <summary>As at /metrics, for resets, by result.</summary>
    private async Task<Dictionary<string, int>> CountsAsync()
    {
        var metrics = await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return Regex
            .Matches(metrics, "^gatehouse_captchas_verified_total{[^}]*}", RegexOptions.Multiline)
            .Select(line => (Tags: line.Value, Count: metrics[(line.Index + line.Length)..].Split('\n')[0].Trim().Split(' ')[0]))
            .Where(line => line.Tags.Contains("operation=\"password-reset\"", StringComparison.Ordinal))
            .ToDictionary(
                line => Regex.Match(line.Tags, "result=\"([a-z-]+)\"").Groups[1].Value,
                line => int.Parse(line.Count, CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
    }

    private void AssertCounted(TestApp counting, string result) =>
        Assert.Contains((counting.Services.GetRequiredService<IMeterFactory>(), result), counted);

    private MeterListener Listen()
    {
        var started = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "gatehouse.captchas.verified")
                    own.EnableMeasurementEvents(instrument, instrument.Meter.Scope);
            },
        };
        started.SetMeasurementEventCallback<long>(
            (_, _, tags, factory) => counted.Add((factory, tags.ToArray().Single(tag => tag.Key == "result").Value as string))
        );
        started.Start();
        return started;
    }
}
