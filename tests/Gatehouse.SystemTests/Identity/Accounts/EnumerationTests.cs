using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Whether an address has an account cannot be told: not by what is answered, nor by the work that is done for it.</summary>
public abstract class EnumerationSuite(TestApp app)
{
    // Names and values of these differ between any two answers.
    private static readonly string[] OwnHeaders = ["Date"];

    protected TestApp App { get; } = app;

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task Registering_a_known_address_looks_like_registering_a_new_one(string kind)
    {
        var (known, unknown) = (await KnownAsync(kind), New(kind));

        var (first, second) = (await RegisterAsync(known), await RegisterAsync(unknown));

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Contains("RateLimit", Headers(first), StringComparison.Ordinal);
        Assert.Equal(Transcript(second), Transcript(first));
        var letter = await App.Users.LetterAsync(known, 2);
        Assert.Equal(kind == "email" ? "You already have a Gatehouse account" : "", letter.Subject);
        Assert.Equal(("", ""), (letter.Code, letter.LinkToken));
    }

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task Both_registrations_do_the_same_work(string kind)
    {
        var (known, unknown) = (await KnownAsync(kind), New(kind));
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        await RegisterAsync(known, ofKnown.Header);
        await RegisterAsync(unknown, ofUnknown.Header);

        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        Assert.Single(ofKnown.Work(), "password.hash");
        Assert.InRange(ofKnown.Work().Count, 6, 30);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task A_decoy_counts_expires_and_resends_like_a_real_registration(string kind)
    {
        var (known, unknown) = (await KnownAsync(kind), New(kind));
        var (decoy, real) = (await RegisterAsync(known), await RegisterAsync(unknown));
        await App.Users.LetterAsync(known, 2);
        var code = (await App.Users.LetterAsync(unknown)).Code;
        var steps = new List<(string Decoy, string Real, IReadOnlyList<string> DecoyWork, IReadOnlyList<string> RealWork)>();

        for (var i = 0; i < 6; i++)
            await BothAsync("verify", TestUsers.WrongCode(code));
        await BothAsync("resend", code: null);
        App.Clock.Advance(TimeSpan.FromSeconds(60));
        await BothAsync("resend", code: null);
        var fresh = (await App.Users.LetterAsync(unknown, 2)).Code;
        await BothAsync("verify", TestUsers.WrongCode(fresh));
        App.Clock.Advance(TimeSpan.FromMinutes(10));
        await BothAsync("verify", TestUsers.WrongCode(fresh));
        for (var i = 0; i < 4; i++)
        {
            await BothAsync("resend", code: null);
            App.Clock.Advance(TimeSpan.FromMinutes(4));
        }

        App.Clock.Advance(TimeSpan.FromHours(24));
        await BothAsync("verify", TestUsers.WrongCode(fresh));
        Assert.All(steps, step => Assert.Equal(step.Real, step.Decoy));
        Assert.All(steps, step => Assert.Equal(step.RealWork, step.DecoyWork));
        Assert.Equal(
            [
                "identity.code-wrong",
                "identity.too-many-attempts",
                "identity.resend-too-soon",
                "identity.code-expired",
                "identity.resend-limit-reached",
                "identity.registration-not-found",
            ],
            steps
                .Select(s => Regex.Match(s.Real, "\"code\":\"([^\"]+)\"").Groups[1].Value)
                .Where(c => c.Length > 0)
                .Distinct(StringComparer.Ordinal)
        );

        async Task BothAsync(string step, string? code)
        {
            using var ofDecoy = new TraceOf();
            using var ofReal = new TraceOf();
            object? body = code is null ? null : new { code };
            var first = await PostAsync($"/v1/registrations/{decoy.RegistrationId}/{step}", body, ofDecoy.Header);
            var second = await PostAsync($"/v1/registrations/{real.RegistrationId}/{step}", body, ofReal.Header);
            steps.Add((Transcript(first), Transcript(second), ofDecoy.Work(), ofReal.Work()));
        }
    }

    [Fact]
    public async Task Beyond_the_quota_a_registration_looks_and_works_as_before_it()
    {
        var (known, unknown) = (await KnownAsync(), TestUsers.NewEmail());
        var seen = new List<(string Transcript, IReadOnlyList<string> Work)>();
        var (decoy, real) = (Guid.Empty, Guid.Empty);
        for (var i = 0; i < 11; i++)
        {
            decoy = await RegisterTracedAsync(known);
            real = await RegisterTracedAsync(unknown);
        }

        App.Clock.Advance(TimeSpan.FromSeconds(60));
        var (first, second) = (
            await PostAsync($"/v1/registrations/{decoy}/resend", body: null),
            await PostAsync($"/v1/registrations/{real}/resend", body: null)
        );
        await App.QuietAsync();

        Assert.All(seen, s => Assert.Equal(seen[0].Transcript, s.Transcript));
        Assert.All(seen, s => Assert.Equal(seen[0].Work, s.Work));
        Assert.Equal((HttpStatusCode.Accepted, Transcript(second)), (first.Status, Transcript(first)));
        Assert.Equal((10, 10), ((await App.Users.LettersAsync(known)).Count, (await App.Users.LettersAsync(unknown)).Count));
        Assert.Equal("identity.code-wrong", (await App.Users.VerifyAsync(real, (await App.Users.LetterAsync(unknown)).Code)).Code);

        async Task<Guid> RegisterTracedAsync(string email)
        {
            using var trace = new TraceOf();
            var answer = await RegisterAsync(email, trace.Header);
            seen.Add((Transcript(answer), trace.Work()));
            return answer.RegistrationId;
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task No_code_and_no_link_opens_a_decoy()
    {
        var known = await KnownAsync();
        var decoy = (await RegisterAsync(known)).RegistrationId;
        await App.QuietAsync();

        // What a code or link would be stored as has no preimage among the codes; the mail of the owner carries neither.
        Assert.All(
            (await App.Users.LettersAsync(known)).Where(l => l.Subject.StartsWith("You already", StringComparison.Ordinal)),
            letter =>
            {
                Assert.DoesNotMatch(@"\d{6}", letter.Text + letter.Html);
                Assert.DoesNotContain("token", letter.Text + letter.Html, StringComparison.Ordinal);
            }
        );
        Assert.Equal(0, await DecoyMatchesAsync(decoy));
    }

    [Fact]
    public async Task An_address_that_got_its_account_meanwhile_resends_as_before_and_its_owner_is_told()
    {
        var email = TestUsers.NewEmail();
        var (first, other) = (await RegisterAsync(email), await RegisterAsync(TestUsers.NewEmail()));
        var old = (await App.Users.LetterAsync(email)).Code;
        var second = await RegisterAsync(email);
        await App.Users.VerifyAsync(second.RegistrationId, (await App.Users.LetterAsync(email, 2)).Code);

        App.Clock.Advance(TimeSpan.FromSeconds(60));
        var (known, unknown) = (
            await PostAsync($"/v1/registrations/{first.RegistrationId}/resend", body: null),
            await PostAsync($"/v1/registrations/{other.RegistrationId}/resend", body: null)
        );

        Assert.Equal(Transcript(unknown), Transcript(known));
        Assert.Equal("You already have a Gatehouse account", (await App.Users.LetterAsync(email, 3)).Subject);
        Assert.Equal("identity.code-wrong", (await App.Users.VerifyAsync(first.RegistrationId, old)).Code);
    }

    /// <summary>The stored form of a registration's code.</summary>
    protected abstract Task<byte[]> CodeHashAsync(Guid registration);

    // All million codes, tried where an attacker cannot: on the stored hash, with the server's own key.
    private async Task<int> DecoyMatchesAsync(Guid decoy)
    {
        var stored = await CodeHashAsync(decoy);
        var key = App.Services.GetRequiredService<Gatehouse.Encryption.ServerKeys>().Get(Gatehouse.Encryption.ServerKeys.Codes);
        return Enumerable
            .Range(0, 1_000_000)
            .AsParallel()
            .Count(number =>
            {
                var code = Gatehouse.Identity.Verification.OneTimeCode.Parse(
                    number.ToString("D6", CultureInfo.InvariantCulture),
                    6,
                    "code",
                    new Gatehouse.Core.Results.ValidationErrors()
                )!;
                return Gatehouse.Identity.Verification.CodeHash.Compute(key, "registration", decoy, code).AsSpan().SequenceEqual(stored);
            });
    }

    private static string New(string kind) => kind == "email" ? TestUsers.NewEmail() : TestUsers.NewPhone();

    private async Task<string> KnownAsync(string kind = "email")
    {
        var email = New(kind);
        var started = await RegisterAsync(email);
        Assert.Equal(
            HttpStatusCode.Created,
            (await App.Users.VerifyAsync(started.RegistrationId, (await App.Users.LetterAsync(email)).Code)).Status
        );
        return email;
    }

    private Task<Answer> RegisterAsync(string contact, params (string, string)[] headers) =>
        PostAsync("/v1/registrations", TestUsers.Registration(contact), headers);

    // Each call comes from a network of its own, so that its limits stand at the beginning.
    private Task<Answer> PostAsync(string path, object? body, params (string, string)[] headers) =>
        App.Users.PostAsync(path, body, [.. headers, ProxiedApp.NewPlace()]);

    /// <summary>Status, headers and body, with what differs between any two registrations taken out.</summary>
    private static string Transcript(Answer answer)
    {
        // Numbers show their last two digits.
        var body = Regex.Replace(answer.Text, @"\*\*\*\d\d", "***…");
        body = Regex.Replace(body, "\"(registrationId|traceId)\":\"[^\"]+\"", "\"$1\":…");
        // The number of digits behind the second varies with the moment.
        body = Regex.Replace(body, "\"expiresAt\":\"[^\"]+\"", "\"expiresAt\":…");
        return $"{answer.Status}\n{Headers(answer)}\n{body}";
    }

    private static string Headers(Answer answer) =>
        string.Join(
            '\n',
            answer
                .Response.Headers.Concat(answer.Response.Content.Headers)
                .Where(h => !OwnHeaders.Contains(h.Key, StringComparer.Ordinal))
                .Select(h => $"{h.Key}: {(h.Key is "Content-Length" or "Retry-After" ? "…" : string.Join(',', h.Value))}")
        );
}

/// <summary>With verifications in PostgreSQL.</summary>
[Collection<OneProxiedApp>]
public sealed class EnumerationTests(ProxiedApp running) : EnumerationSuite(running.App)
{
    protected override Task<byte[]> CodeHashAsync(Guid registration) =>
        App.ScalarAsync<byte[]>("select code_hash from identity.verifications where id = $1", registration);
}

/// <summary>With verifications in Redis.</summary>
public sealed class RedisEnumerationTests(ProxiedRedisApp running) : EnumerationSuite(running.App), IClassFixture<ProxiedRedisApp>
{
    protected override async Task<byte[]> CodeHashAsync(Guid registration)
    {
        var entry = (await running.Server.ContentAsync()).Single(e => e.Contains($":{registration:N} ", StringComparison.Ordinal));
        return Convert.FromBase64String(Regex.Match(entry, "\"codeHash\":\"([^\"]+)\"").Groups[1].Value);
    }
}
