using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Five wrong passwords are free; then each costs a wait twice as long, whoever the identifier belongs to, on whichever
/// node.</summary>
[Collection<AccountsOnTwoNodes>]
public sealed class ThrottleTests(TwoNodes running) : IDisposable
{
    private readonly IDisposable held = running.Clock.Hold();
    private readonly TestApp app = running.App;
    private readonly TestApp other = running.Other;

    [Fact]
    public async Task Waits_double_from_one_second_to_fifteen_minutes_for_known_and_unknown_alike()
    {
        var known = (await app.Users.SomebodyAsync()).Email;
        var (ofKnown, ofUnknown) = (await SequenceAsync(known), await SequenceAsync(TestUsers.NewEmail()));

        Assert.Equal(ofUnknown, ofKnown);
        Assert.Equal(Enumerable.Repeat("401 identity.invalid-credentials", 5), ofKnown.Take(5));
        Assert.Equal(
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900],
            ofKnown.Where(s => s.StartsWith("429", StringComparison.Ordinal)).Select(s => int.Parse(s.Split(' ')[^1], null))
        );
    }

    [Fact]
    public async Task The_right_password_is_not_looked_at_during_a_wait_and_clears_all_after_it()
    {
        var email = (await app.Users.SomebodyAsync()).Email;
        await app.GuessPatientlyAsync(email, 8);
        await app.GuessAsync(email);
        using var trace = new TraceOf();

        var right = await app.Users.SignInAsync(email, headers: trace.Header);
        Assert.Equal("identity.sign-in-throttled", right.Code);
        Assert.Equal(16, right.RetryAfter());
        Assert.DoesNotContain("password.hash", trace.Work());

        app.Clock.Advance(TimeSpan.FromSeconds(right.RetryAfter()));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email)).Status);
        for (var i = 0; i < 5; i++)
            Assert.Equal("identity.invalid-credentials", (await app.GuessAsync(email)).Code);
        Assert.Equal("identity.sign-in-throttled", (await app.GuessAsync(email)).Code);
    }

    [Fact]
    public async Task A_refused_try_does_not_lengthen_the_wait()
    {
        var email = (await app.Users.SomebodyAsync()).Email;
        await app.GuessPatientlyAsync(email, 11);
        await app.GuessAsync(email);
        var first = (await app.GuessAsync(email)).RetryAfter();

        for (var i = 0; i < 20; i++)
            Assert.Equal(first, (await app.GuessAsync(email)).RetryAfter());
        Assert.Equal(128, first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Guesses_at_once_on_two_nodes_all_count_and_five_are_looked_at(bool known)
    {
        var email = known ? (await app.Users.SomebodyAsync()).Email : TestUsers.NewEmail();
        using var trace = new TraceOf();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? app : other).GuessAsync(email, trace.Header)));

        Assert.Equal(5, answers.Count(a => a.Code == "identity.invalid-credentials"));
        Assert.Equal(35, answers.Count(a => a.Code == "identity.sign-in-throttled"));
        Assert.Equal(5, trace.Work().Count(step => step == "password.hash"));
    }

    [Fact]
    public async Task The_right_password_among_guesses_at_once_is_one_of_the_five_or_waits()
    {
        var email = (await app.Users.SomebodyAsync()).Email;

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(i => (i % 2 == 0 ? app : other).Users.SignInAsync(email, i == 29 ? TestUsers.Password : Guesses.Wrong))
        );

        Assert.DoesNotContain(answers, a => a.Code == "identity.sign-in-locked");
        // A good password that was among the first takes the failures before it away.
        Assert.InRange(answers.Count(a => a.Status != HttpStatusCode.TooManyRequests), 5, 10);
    }

    [Fact]
    public async Task Address_and_username_wait_apart_but_any_spelling_of_one_together()
    {
        var email = (await app.Users.SomebodyAsync("throttled-tess")).Email;
        for (var i = 0; i < 5; i++)
            await app.GuessAsync(i % 2 == 0 ? email : email.ToUpperInvariant());

        Assert.Equal("identity.sign-in-throttled", (await app.GuessAsync(email)).Code);
        Assert.Equal("identity.invalid-credentials", (await app.GuessAsync("throttled-tess")).Code);
        Assert.Equal("identity.invalid-credentials", (await app.GuessAsync("Throttled-Tess")).Code);
    }

    [Fact]
    public async Task A_machine_too_busy_to_look_does_not_count()
    {
        // One hash at a time, of the dearest kind, with a tenth of a second to wait for it.
        await using var busy = await app.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PasswordHashing:MemoryKiB"] = "262144",
                ["PasswordHashing:Passes"] = "10",
                ["PasswordHashing:MaxConcurrent"] = "1",
                ["PasswordHashing:MaxWait"] = "00:00:00.1",
            }
        );
        // What is hashed for an identifier without account costs what the node's settings say.
        var email = TestUsers.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => busy.GuessAsync(email)));

        Assert.Contains(answers, a => (a.Status, a.Code) == (HttpStatusCode.ServiceUnavailable, "identity.overloaded"));
        var judged = answers.Count(a => a.Status == HttpStatusCode.Unauthorized);
        for (var i = judged; i < 5; i++)
            Assert.Equal("identity.invalid-credentials", (await app.GuessAsync(email)).Code);
        Assert.Equal("identity.sign-in-throttled", (await app.GuessAsync(email)).Code);
    }

    [Fact]
    public async Task A_node_whose_clock_is_behind_makes_nobody_wait()
    {
        var behind = new ShiftableClock();
        await using var late = await TestApp.StartAsync(app.Databases, behind);
        var email = (await app.Users.SomebodyAsync()).Email;
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        for (var i = 0; i < 4; i++)
            Assert.Equal("identity.invalid-credentials", (await (i % 2 == 0 ? app : late).GuessAsync(email)).Code);
    }

    [Fact]
    public async Task Failures_are_forgotten_after_thirty_days()
    {
        var email = (await app.Users.SomebodyAsync()).Email;
        await app.GuessPatientlyAsync(email, 20);
        app.Clock.Advance(TimeSpan.FromDays(31));

        for (var i = 0; i < 5; i++)
            Assert.Equal("identity.invalid-credentials", (await app.GuessAsync(email)).Code);
        Assert.Equal("identity.sign-in-throttled", (await app.GuessAsync(email)).Code);
        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.RunRecurringAsync<Gatehouse.Identity.SignIn.PurgeSignInFailures>();
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.sign_in_failures"));
    }

    public void Dispose() => held.Dispose();

    /// <summary>Guesses, and after each rejection to look waits exactly as long as it was told.</summary>
    private async Task<IReadOnlyList<string>> SequenceAsync(string identifier)
    {
        var seen = new List<string>();
        for (var waits = 0; waits < 12; )
        {
            var answer = await (seen.Count % 2 == 0 ? app : other).GuessAsync(identifier);
            seen.Add(answer.Seen());
            if (answer.Status != HttpStatusCode.TooManyRequests)
                continue;
            Assert.Equal("identity.sign-in-throttled", answer.Code);
            waits++;
            app.Clock.Advance(TimeSpan.FromSeconds(answer.RetryAfter()));
        }

        return seen;
    }
}
