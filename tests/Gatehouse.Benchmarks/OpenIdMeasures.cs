using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Web;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// What applications wait for: tokens for themselves, for a code and for a refresh token, beside our own refresh in the same minutes; and
/// what a signed-in user waits for on the way back to the application.
/// </summary>
internal sealed class OpenIdMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task<string>> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const int Workers = 32;
    private const string Redirect = "https://shop.example.com/signed-in";
    private const string Token = "/oauth2/token";

    // RFC 7636, appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string Goal = "≥ 40 %";
    private const string Ceiling = "our own refresh";

    private static readonly string[] Create =
    [
        "client",
        "create",
        "--name",
        "Bench shop",
        "--scope",
        "users:read",
        "--no-consent",
        "--redirect-uri",
        Redirect,
        "--sign-in-scope",
        "openid",
        "--sign-in-scope",
        "offline_access",
    ];

    private readonly ConcurrentBag<string>[] codes = [.. Enumerable.Range(0, Workers).Select(_ => new ConcurrentBag<string>())];

    public async Task MeasureAsync()
    {
        var created = await command(Create, "");
        var client = created
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1].Trim());
        await using var server = await start(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false" }
        );
        var address = new UriBuilder(server.Address) { Host = "localhost" }.Uri;
        await using var people = new TestUsers(address, database);
        using var http = new HttpClient { BaseAddress = address };
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{client["client_id"]}:{client["client_secret"]}"));
        using var application = new HttpClient { BaseAddress = address };
        application.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", basic);
        var authorize =
            $"/oauth2/authorize?client_id={client["client_id"]}&redirect_uri={Uri.EscapeDataString(Redirect)}&response_type=code"
            + $"&scope=openid%20offline_access&state=s&nonce=n&code_challenge={Challenge}&code_challenge_method=S256";

        var own = new Tokens[Workers];
        var browsers = new HttpClient[Workers];
        for (var worker = 0; worker < Workers; worker++)
        {
            var email = people.NewEmail();
            own[worker] = await TestUsers.VerifyAsync(
                http,
                await people.StartAsync(http, email) ?? throw new InvalidOperationException("busy")
            );
            browsers[worker] = await BrowserAsync(address, email);
        }

        await AuthorizationsAsync(browsers[0], authorize);

        await OwnAsync(1);
        var before = await OwnAsync(Seconds);
        await ForItselfAsync(1);
        var forItself = await ForItselfAsync(Seconds);
        await RateAsync(
            Seconds,
            async worker =>
            {
                codes[worker].Add(await CodeAsync(browsers[worker], authorize));
                return true;
            }
        );
        var held = new string[Workers];
        var redeemed = await RateAsync(
            Seconds,
            async worker =>
            {
                if (!codes[worker].TryTake(out var code))
                    return false;
                held[worker] = await TokenAsync(
                    application,
                    ("grant_type", "authorization_code"),
                    ("code", code),
                    ("redirect_uri", Redirect),
                    ("code_verifier", Verifier)
                );
                return true;
            }
        );
        var refreshed = await RateAsync(
            Seconds,
            async worker =>
            {
                held[worker] = await TokenAsync(application, ("grant_type", "refresh_token"), ("refresh_token", held[worker]));
                return true;
            }
        );
        var ceiling = (before + await OwnAsync(Seconds)) / 2;

        figures.AddShare(
            "Token for a service itself (client_credentials)",
            forItself,
            Ceiling,
            ceiling,
            Goal,
            "checking the secret and signing"
        );
        figures.AddShare("Tokens for a code", redeemed, Ceiling, ceiling, Goal, "a session begins: two signatures, one transaction");
        figures.AddShare(
            "Tokens for a refresh token",
            refreshed,
            Ceiling,
            ceiling,
            Goal,
            "a session moves on: two signatures, one transaction"
        );
        foreach (var browser in browsers)
            browser.Dispose();

        Task<double> OwnAsync(int seconds) =>
            RateAsync(
                seconds,
                async worker =>
                {
                    own[worker] = await TestUsers.RefreshAsync(http, own[worker]);
                    return true;
                }
            );

        Task<double> ForItselfAsync(int seconds) =>
            RateAsync(
                seconds,
                async _ =>
                {
                    await TokenAsync(application, ("grant_type", "client_credentials"), ("scope", "users:read"));
                    return true;
                }
            );
    }

    private int Seconds => quick ? 4 : 10;

    /// <summary>One after the other, as one user waits for them.</summary>
    private async Task AuthorizationsAsync(HttpClient browser, string authorize)
    {
        var times = new List<TimeSpan>();
        for (var request = 0; request < (quick ? 200 : 600); request++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await CodeAsync(browser, authorize);
            if (request >= 100)
                times.Add(TimeProvider.System.GetElapsedTime(began));
        }

        figures.Add(
            "Authorization request of a signed-in user: median, p99",
            $"{Figures.Milliseconds(Statistics.Median(times))}, {Figures.Milliseconds(Statistics.Percentile99(times))}",
            "–",
            "–",
            "p99 ≤ 20 ms",
            "checking session and client, one transaction for the code"
        );
    }

    /// <summary>A browser in which the user is signed in. The framework's jar refuses secure cookies over plain HTTP.</summary>
    private static async Task<HttpClient> BrowserAsync(Uri address, string email)
    {
        var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
        browser.DefaultRequestHeaders.Add("Gatehouse-Request", "1");
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await browser.PostAsJsonAsync(
            "/v1/sessions",
            new
            {
                identifier = email,
                password = TestUsers.Password,
                transport = "cookie",
            }
        );
        answer.EnsureSuccessStatusCode();
        browser.DefaultRequestHeaders.Add(
            "Cookie",
            string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]))
        );
        return browser;
    }

    private static async Task<string> CodeAsync(HttpClient browser, string authorize)
    {
        var path = new Uri(authorize, UriKind.Relative);
        for (var step = 0; step < 5; step++)
        {
            using var answer = await browser.GetAsync(path);
            path = answer.Headers.Location ?? throw new InvalidOperationException($"authorize: {answer.StatusCode}");
            if (path.IsAbsoluteUri && path.OriginalString.StartsWith(Redirect, StringComparison.Ordinal))
                return HttpUtility.ParseQueryString(path.Query)["code"] ?? throw new InvalidOperationException(path.Query);
        }

        throw new InvalidOperationException($"authorize: sent around, at last to {path}");
    }

    /// <returns>The refresh token; nothing where there is none.</returns>
    private static async Task<string> TokenAsync(HttpClient application, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await application.PostAsync(new Uri(Token, UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"token: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString()! : "";
    }

    /// <summary>Operations a second of all workers, until the time is over or each has nothing left to do.</summary>
    private static async Task<double> RateAsync(int seconds, Func<int, Task<bool>> work)
    {
        var (done, duration) = (0, TimeSpan.FromSeconds(seconds));
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        while (TimeProvider.System.GetElapsedTime(start) < duration && await work(worker))
                            Interlocked.Increment(ref done);
                    })
                )
        );
        return done / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
