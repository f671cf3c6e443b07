using System.Diagnostics.CodeAnalysis;
using Gatehouse.Identity.Captcha;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Identity.Captcha;

/// <summary>What the providers' answers are taken for.</summary>
public sealed class CaptchaProviderTests : IAsyncLifetime
{
    private CaptchaServer server = null!;

    public async ValueTask InitializeAsync() => server = await CaptchaServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("turnstile")]
    [InlineData("recaptcha")]
    public async Task The_provider_is_sent_secret_token_and_address_and_nothing_else(string provider)
    {
        Assert.Equal("accepted", await AskAsync(provider, CaptchaServer.Good));

        var sent = Assert.Single(server.Requests);
        Assert.Equal("POST /siteverify", sent.Target);
        Assert.Equal(
            [("remoteip", "192.0.2.7"), ("response", CaptchaServer.Good), ("secret", CaptchaServer.Secret)],
            sent.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, f.Value))
        );
        Assert.Equal(["Content-Length", "Content-Type", "Host", "User-Agent"], sent.Headers.Except(["traceparent"]));
    }

    // The answers stand as Google and Cloudflare document them.
    public static TheoryData<string, string, int, string> Answers =>
        new()
        {
            { "turnstile", """{"success":true,"hostname":"a.example.com","action":"sign_in","cdata":""}""", 200, "accepted" },
            { "turnstile", """{"success":true,"hostname":"a.example.com","action":""}""", 200, "accepted" },
            { "turnstile", """{"success":true,"hostname":"a.example.com","action":"registration"}""", 200, "other-action" },
            { "turnstile", """{"success":false,"error-codes":["timeout-or-duplicate"]}""", 200, "rejected" },
            { "turnstile", """{"success":false,"error-codes":["invalid-input-response"],"messages":[]}""", 400, "rejected" },
            { "turnstile", """{"success":false,"error-codes":["invalid-input-secret"]}""", 200, "misconfigured" },
            { "turnstile", """{"success":false,"error-codes":["internal-error"]}""", 200, "misconfigured" },
            { "turnstile", """{"success":false}""", 200, "rejected" },
            { "turnstile", """{"success":"true"}""", 200, "malformed" },
            { "turnstile", "{}", 200, "malformed" },
            { "turnstile", "null", 200, "malformed" },
            { "turnstile", "[]", 200, "malformed" },
            { "turnstile", "<html>Sign in to this network first</html>", 200, "malformed" },
            { "turnstile", "", 200, "malformed" },
            { "turnstile", """{"success":true}""", 503, "refused" },
            { "turnstile", """{"success":true}""", 302, "refused" },
            { "recaptcha", """{"success":true,"challenge_ts":"2026-01-01T00:00:00Z","hostname":"a.example.com"}""", 200, "accepted" },
            { "recaptcha", """{"success":false,"error-codes":["missing-input-response"]}""", 200, "rejected" },
            { "recaptcha-3", """{"success":true,"score":0.9,"action":"sign_in","hostname":"a.example.com"}""", 200, "accepted" },
            { "recaptcha-3", """{"success":true,"score":0.5,"action":"sign_in"}""", 200, "accepted" },
            { "recaptcha-3", """{"success":true,"score":0.4,"action":"sign_in"}""", 200, "low-score" },
            { "recaptcha-3", """{"success":true,"score":0.9,"action":"password_reset"}""", 200, "other-action" },
            { "recaptcha-3", """{"success":true,"score":0.9}""", 200, "other-action" },
            { "recaptcha-3", """{"success":true,"action":"sign_in"}""", 200, "no-score" },
            { "recaptcha-3", """{"success":true,"score":"0.9","action":"sign_in"}""", 200, "malformed" },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_believed_only_as_far_as_it_goes(string provider, string body, int status, string expected)
    {
        server.Answer = CaptchaServer.Body(body, status);

        Assert.Equal(expected, await AskAsync(provider, "token"));
    }

    [Theory]
    [InlineData("""{"success":true,"hostname":"accounts.example.com"}""", "accepted")]
    [InlineData("""{"success":true,"hostname":"ACCOUNTS.example.com"}""", "accepted")]
    [InlineData("""{"success":true,"hostname":"evil.example"}""", "other-hostname")]
    [InlineData("""{"success":true,"hostname":"accounts.example.com.evil.example"}""", "other-hostname")]
    [InlineData("""{"success":true}""", "other-hostname")]
    public async Task A_token_of_another_site_is_rejected_where_sites_are_named(string body, string expected)
    {
        server.Answer = CaptchaServer.Body(body);

        Assert.Equal(expected, await AskAsync("turnstile", "token", options => options.Hostnames = ["accounts.example.com"]));
    }

    [Theory]
    [InlineData("endless", "too-large")]
    [InlineData("large", "too-large")]
    [InlineData("cut off", "unreachable")]
    [InlineData("no HTTP", "unreachable")]
    [InlineData("silent", "timed-out")]
    [InlineData("drop by drop", "timed-out")]
    public async Task A_provider_that_gives_no_good_answer_is_not_waited_for(string behaviour, string expected)
    {
        server.Answer = (_, http) => Behave(behaviour, http);

        // What is slow must not be over before its time, nor what is quick be slow.
        var timeout = expected == "timed-out" ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(60);
        Assert.Equal(expected, await AskAsync("turnstile", "token", options => options.Timeout = timeout));
    }

    [Fact]
    public async Task A_private_address_is_asked_only_if_the_settings_say_so() =>
        Assert.Equal("private-address", await AskAsync("turnstile", "token", options => options.AllowPrivateAddresses = false));

    [Fact]
    public async Task A_provider_that_is_away_is_none() =>
        Assert.Equal("unreachable", await AskAsync("turnstile", "token", options => options.VerifyUrl = new Uri("http://127.0.0.1:1")));

    [Fact]
    public async Task Who_hangs_up_is_no_outage()
    {
        server.Answer = (_, http) => Behave("silent", http);
        using var gone = new CancellationTokenSource();
        var asked = AskAsync("turnstile", "token", cancellationToken: gone.Token);
        await Gatehouse.SystemTests.Harness.TestApp.EventuallyAsync(() => Task.FromResult(!server.Requests.IsEmpty), "it is asked");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private async Task<string> AskAsync(
        string provider,
        string token,
        Action<CaptchaOptions>? change = null,
        CancellationToken cancellationToken = default
    )
    {
        var options = new CaptchaOptions
        {
            SiteKey = "key",
            SecretKey = CaptchaServer.Secret,
            RecaptchaVersion = provider == "recaptcha-3" ? 3 : 2,
            VerifyUrl = new Uri(server.Address),
            AllowPrivateAddresses = true,
            Timeout = TimeSpan.FromSeconds(60),
        };
        change?.Invoke(options);
        using var siteVerify = new SiteVerify(options, TimeProvider.System);
        ICaptchaProvider asked = provider == "turnstile" ? new Turnstile(options, siteVerify) : new Recaptcha(options, siteVerify);
        return (await asked.VerifyAsync(token, "sign_in", "192.0.2.7", cancellationToken)).Reason;
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The answer ends with its request.")]
    private static async Task Behave(string name, HttpContext http)
    {
        switch (name)
        {
            case "endless":
                while (!http.RequestAborted.IsCancellationRequested)
                    await http.Response.WriteAsync(new string(' ', 4096), http.RequestAborted);
                break;
            case "large":
                await http.Response.WriteAsync($$"""{"success":true,"cdata":"{{new string('x', 100_000)}}"}""");
                break;
            case "cut off":
                http.Response.ContentLength = 1000;
                await http.Response.WriteAsync("""{"success":true""");
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
                    await http.Response.WriteAsync(" ", http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, http.RequestAborted);
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(name));
        }
    }
}
