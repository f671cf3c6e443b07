using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>Whether an identifier has an account cannot be told by asking for a new password: not by answers, nor by the work, nor by what
/// happens later.</summary>
[Collection<OneProxiedApp>]
public sealed class ResetEnumerationTests(ProxiedApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    [InlineData("phone")]
    public async Task Asking_for_a_known_identifier_looks_and_works_like_asking_for_an_unknown_one(string kind)
    {
        var username = "known-" + kind;
        var contact = kind == "phone" ? TestUsers.NewPhone() : TestUsers.NewEmail();
        await RegisterAsync(contact, username);
        var (known, unknown) = kind switch
        {
            "email" => (contact, TestUsers.NewEmail()),
            "phone" => (contact, TestUsers.NewPhone()),
            _ => (username, "nobody-" + kind),
        };
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        var first = await AskAsync(known, ofKnown.Header);
        var second = await AskAsync(unknown, ofUnknown.Header);

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Contains("RateLimit", Transcript(first), StringComparison.Ordinal);
        Assert.Equal(Transcript(second), Transcript(first));
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        Assert.InRange(ofKnown.Work().Count, 6, 30);
        Assert.DoesNotContain(
            ofKnown.Work(),
            w => w.Contains("identity.users", StringComparison.Ordinal) || w.Contains("identity.identifiers", StringComparison.Ordinal)
        );
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(contact)).Count);
        Assert.Empty(await app.Users.LettersAsync(unknown));
    }

    [Fact]
    public async Task A_decoy_counts_expires_and_resends_like_a_real_reset()
    {
        var known = await KnownAsync("known-decoy");
        var (decoy, real) = ((await AskAsync(TestUsers.NewEmail())).ResetId(), (await AskAsync(known)).ResetId());
        await app.QuietAsync();
        var code = (await app.Users.LetterAsync(known, 2)).ResetCode;
        var steps = new List<(string Decoy, string Real, IReadOnlyList<string> DecoyWork, IReadOnlyList<string> RealWork)>();

        await BothAsync("complete", new { code = TestUsers.WrongCode(code), password = "short" });
        for (var i = 0; i < 4; i++)
            await BothAsync("complete", new { code = TestUsers.WrongCode(code), password = Resetting.NewPassword });
        await BothAsync("complete", new { token = new string('A', 43), password = Resetting.NewPassword });
        await BothAsync("resend", body: null);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await BothAsync("resend", body: null);
        await app.QuietAsync();
        var fresh = (await app.Users.LetterAsync(known, 3)).ResetCode;
        await BothAsync("complete", new { code = TestUsers.WrongCode(fresh), password = Resetting.NewPassword });
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await BothAsync("complete", new { code = TestUsers.WrongCode(fresh), password = Resetting.NewPassword });
        for (var i = 0; i < 4; i++)
        {
            await BothAsync("resend", body: null);
            await app.QuietAsync();
            app.Clock.Advance(TimeSpan.FromMinutes(4));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(30));
        await BothAsync("complete", new { code = TestUsers.WrongCode(fresh), password = Resetting.NewPassword });
        Assert.All(steps, step => Assert.Equal(step.Real, step.Decoy));
        Assert.All(steps, step => Assert.Equal(step.RealWork, step.DecoyWork));
        Assert.Equal(
            [
                "request.invalid",
                "identity.code-wrong",
                "identity.too-many-attempts",
                "identity.link-invalid",
                "identity.resend-too-soon",
                "identity.code-expired",
                "identity.resend-limit-reached",
                "identity.reset-not-found",
            ],
            steps
                .Select(s => Regex.Match(s.Real, "\"code\":\"([^\"]+)\"").Groups[1].Value)
                .Where(c => c.Length > 0)
                .Distinct(StringComparer.Ordinal)
        );
        // Once for each that had a well-formed password: the hash does not wait for the proof.
        Assert.Equal(8, steps.Count(s => s.DecoyWork.Contains("password.hash", StringComparer.Ordinal)));

        async Task BothAsync(string step, object? body)
        {
            using var ofDecoy = new TraceOf();
            using var ofReal = new TraceOf();
            var first = await PostAsync($"/v1/password-resets/{decoy}/{step}", body, ofDecoy.Header);
            var second = await PostAsync($"/v1/password-resets/{real}/{step}", body, ofReal.Header);
            steps.Add((Transcript(first), Transcript(second), ofDecoy.Work(), ofReal.Work()));
        }
    }

    [Fact]
    public async Task The_job_gives_a_decoy_new_times_too()
    {
        var known = await KnownAsync("known-times");
        // A job that comes late must not prolong real codes alone.
        var ids = new[]
        {
            (await AskAsync(TestUsers.NewEmail())).ResetId(),
            (await AskAsync(known)).ResetId(),
            (await AskAsync("no such text as this")).ResetId(),
        };
        await app.QuietAsync();

        var later = await app.ScalarAsync<long>(
            """
            select count(*) from identity.verifications
             where id = any($1) and code_expires_at > created_at + interval '10 minutes' and expires_at > created_at + interval '30 minutes'
            """,
            ids
        );

        Assert.Equal(3L, later);
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>("select count(*) from identity.verifications where id = any($1) and user_id is null", ids)
        );
    }

    [Fact]
    public async Task Strangers_use_up_their_own_part_without_seeing_it_and_the_owners_device_still_resets()
    {
        var (known, unknown) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var owner = ("Gatehouse-Device", await RegisterAsync(known, "known-quota"));
        var asked = new List<(Guid Known, Guid Unknown, string Transcript)>();
        for (var i = 0; i < 12; i++)
        {
            using var ofKnown = new TraceOf();
            using var ofUnknown = new TraceOf();
            // By the username, too: it is the same address.
            var (first, second) = (
                await AskAsync(i % 3 == 2 ? "known-quota" : known, ofKnown.Header),
                await AskAsync(unknown, ofUnknown.Header)
            );
            Assert.Equal(Transcript(second), Transcript(first));
            Assert.Equal(ofUnknown.Work(), ofKnown.Work());
            asked.Add((first.ResetId(), second.ResetId(), Transcript(first)));
            await app.QuietAsync();
        }

        Assert.Single(asked.Select(a => a.Transcript).Distinct(StringComparer.Ordinal));
        // One of the registration, six of ten that strangers may have.
        Assert.Equal(7, (await app.Users.LettersAsync(known)).Count);
        var (withheld, decoy, _) = asked[^1];
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        foreach (
            var (step, body) in new (string, object?)[]
            {
                ("complete", new { code = "12345678", password = Resetting.NewPassword }),
                ("resend", null),
                ("resend", null),
                ("complete", new { code = "12345678", password = Resetting.NewPassword }),
            }
        )
        {
            var (first, second) = (
                await PostAsync($"/v1/password-resets/{withheld}/{step}", body),
                await PostAsync($"/v1/password-resets/{decoy}/{step}", body)
            );
            Assert.Equal(Transcript(second), Transcript(first));
            await app.QuietAsync();
        }

        // A device that somebody else holds is a stranger's.
        await AskAsync(known, ("Gatehouse-Device", await RegisterAsync(TestUsers.NewEmail(), "other-quota")));
        await app.QuietAsync();
        Assert.Equal(7, (await app.Users.LettersAsync(known)).Count);

        // The owner is answered as everybody, and gets the four that are kept for known devices.
        for (var i = 0; i < 5; i++)
            Assert.Equal(asked[0].Transcript, Transcript(await AskAsync(known, owner)));
        await app.QuietAsync();
        Assert.Equal(11, (await app.Users.LettersAsync(known)).Count);
        app.Clock.Advance(TimeSpan.FromHours(24));
        await AskAsync(known);
        await app.Users.LetterAsync(known, 12);
    }

    [Fact]
    public async Task Five_requests_an_hour_come_from_one_network()
    {
        var from = ("X-Forwarded-For", "2001:db8:ffff::1");
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskResetAsync(TestUsers.NewEmail(), from)).Status);

        Assert.Equal(
            "request.rate-limited",
            (await app.Users.AskResetAsync(TestUsers.NewEmail(), ("X-Forwarded-For", "2001:db8:ffff::2"))).Code
        );
    }

    private async Task<string> KnownAsync(string username)
    {
        var email = TestUsers.NewEmail();
        await RegisterAsync(email, username);
        return email;
    }

    /// <returns>The device token.</returns>
    private async Task<string> RegisterAsync(string email, string username)
    {
        var started = await PostAsync("/v1/registrations", TestUsers.Registration(email, ("username", username)));
        var code = (await app.Users.LetterAsync(email)).Code;
        var verified = await PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code });
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        return verified.Device();
    }

    private Task<Answer> AskAsync(string identifier, params (string, string)[] headers) =>
        PostAsync("/v1/password-resets", new { identifier }, headers);

    // Each call comes from a network of its own, so that its limits stand at the beginning.
    private Task<Answer> PostAsync(string path, object? body, params (string, string)[] headers) =>
        app.Users.PostAsync(path, body, [.. headers, ProxiedApp.NewPlace()]);

    /// <summary>Status, headers and body, with what differs between any two requests taken out.</summary>
    private static string Transcript(Answer answer)
    {
        var headers = answer
            .Response.Headers.Concat(answer.Response.Content.Headers)
            .Where(h => h.Key != "Date")
            .Select(h => $"{h.Key}: {(h.Key is "Content-Length" or "Retry-After" ? "…" : string.Join(',', h.Value))}");
        // The number of digits behind the second varies with the moment.
        var body = Regex.Replace(answer.Text, "\"(resetId|traceId|expiresAt)\":\"[^\"]+\"", "\"$1\":…");
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{body}";
    }
}
