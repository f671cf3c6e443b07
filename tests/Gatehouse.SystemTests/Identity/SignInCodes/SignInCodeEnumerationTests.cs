using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignInCodes;

/// <summary>Whether an identifier has an account, and whether its user may sign in, cannot be told by asking for a code.</summary>
[Collection<OneProxiedApp>]
public sealed class SignInCodeEnumerationTests(ProxiedApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task Known_unknown_and_disabled_identifiers_look_and_work_alike(string kind)
    {
        var (known, unknown, disabled) = (New(kind), New(kind), New(kind));
        await running.SomebodyAsync(ProxiedApp.NewPlace(), known);
        var user = await running.SomebodyAsync(ProxiedApp.NewPlace(), disabled);
        await app.ExecuteAsync("update identity.users set disabled_at = now() where id = $1", user.UserId);
        var seen = new List<(string Transcript, IReadOnlyList<string> Work)>();

        foreach (var identifier in new[] { known, unknown, disabled })
        {
            using var trace = new TraceOf();
            var answer = await PostAsync("/v1/sign-in-codes", new { identifier }, trace.Header);
            Assert.Equal(HttpStatusCode.Accepted, answer.Status);
            seen.Add((Transcript(answer), trace.Work()));
        }

        Assert.Contains("RateLimit", seen[0].Transcript, StringComparison.Ordinal);
        Assert.All(seen, one => Assert.Equal(seen[0].Transcript, one.Transcript));
        Assert.All(seen, one => Assert.Equal(seen[0].Work, one.Work));
        Assert.InRange(seen[0].Work.Count, 6, 30);
        Assert.DoesNotContain(
            seen[0].Work,
            work =>
                work.Contains("identity.users", StringComparison.Ordinal) || work.Contains("identity.identifiers", StringComparison.Ordinal)
        );
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(known)).Count);
        Assert.Empty(await app.Users.LettersAsync(unknown));
        Assert.Single(await app.Users.LettersAsync(disabled));
    }

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task A_decoy_counts_expires_and_resends_like_a_real_sign_in(string kind)
    {
        var known = New(kind);
        await running.SomebodyAsync(ProxiedApp.NewPlace(), known);
        var (decoy, real) = ((await AskAsync(New(kind))).SignInCodeId(), (await AskAsync(known)).SignInCodeId());
        await app.QuietAsync();
        var code = (await app.Users.LetterAsync(known, 2)).Code;
        var steps = new List<(string Decoy, string Real, IReadOnlyList<string> DecoyWork, IReadOnlyList<string> RealWork)>();

        await BothAsync("verify", new { code = "1" });
        for (var i = 0; i < 4; i++)
            await BothAsync("verify", new { code = TestUsers.WrongCode(code) });
        await BothAsync("resend", body: null);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await BothAsync("resend", body: null);
        await app.QuietAsync();
        var fresh = (await app.Users.LetterAsync(known, 3)).Code;
        await BothAsync("verify", new { code = TestUsers.WrongCode(fresh) });
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await BothAsync("verify", new { code = TestUsers.WrongCode(fresh) });
        for (var i = 0; i < 4; i++)
        {
            await BothAsync("resend", body: null);
            await app.QuietAsync();
            app.Clock.Advance(TimeSpan.FromMinutes(4));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await BothAsync("verify", new { code = TestUsers.WrongCode(fresh) });
        Assert.All(steps, step => Assert.Equal(step.Real, step.Decoy));
        Assert.All(steps, step => Assert.Equal(step.RealWork, step.DecoyWork));
        Assert.Equal(
            [
                "request.invalid",
                "identity.code-wrong",
                "identity.too-many-attempts",
                "identity.resend-too-soon",
                "identity.code-expired",
                "identity.resend-limit-reached",
                "identity.sign-in-code-not-found",
            ],
            steps
                .Select(step => Regex.Match(step.Real, "\"code\":\"([^\"]+)\"").Groups[1].Value)
                .Where(error => error.Length > 0)
                .Distinct(StringComparer.Ordinal)
        );

        async Task BothAsync(string step, object? body)
        {
            using var ofDecoy = new TraceOf();
            using var ofReal = new TraceOf();
            var first = await PostAsync($"/v1/sign-in-codes/{decoy}/{step}", body, ofDecoy.Header);
            var second = await PostAsync($"/v1/sign-in-codes/{real}/{step}", body, ofReal.Header);
            steps.Add((Transcript(first), Transcript(second), ofDecoy.Work(), ofReal.Work()));
        }
    }

    [Fact]
    public async Task Strangers_use_up_their_own_part_without_seeing_it_and_the_owners_device_still_gets_a_code()
    {
        var (known, unknown) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var owner = await running.SomebodyAsync(ProxiedApp.NewPlace(), known);
        var asked = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            asked.Add(Transcript(await AskAsync(known)));
            asked.Add(Transcript(await AskAsync(unknown)));
            await app.QuietAsync();
        }

        Assert.Single(asked.Distinct(StringComparer.Ordinal));
        // One of the registration, six of ten that strangers may have.
        Assert.Equal(7, (await app.Users.LettersAsync(known)).Count);
        Assert.Equal(
            asked[0],
            Transcript(await PostAsync("/v1/sign-in-codes", new { identifier = known }, ("Gatehouse-Device", owner.Device)))
        );
        await app.Users.LetterAsync(known, 8);
    }

    private static string New(string kind) => kind == "phone" ? TestUsers.NewPhone() : TestUsers.NewEmail();

    private Task<Answer> AskAsync(string identifier) => PostAsync("/v1/sign-in-codes", new { identifier });

    // Each call comes from a network of its own, so that its limits stand at the beginning.
    private Task<Answer> PostAsync(string path, object? body, params (string, string)[] headers) =>
        app.Users.PostAsync(path, body, [.. headers, ProxiedApp.NewPlace()]);

    /// <summary>Status, headers and body, with what differs between any two requests taken out.</summary>
    private static string Transcript(Answer answer)
    {
        var headers = answer
            .Response.Headers.Concat(answer.Response.Content.Headers)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {(header.Key is "Content-Length" or "Retry-After" ? "…" : string.Join(',', header.Value))}");
        // The mask is made of what was typed, and the number of digits behind the second varies with the moment.
        var body = Regex.Replace(answer.Text, "\"(signInCodeId|traceId|expiresAt|maskedTarget)\":\"[^\"]+\"", "\"$1\":…");
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{body}";
    }
}
