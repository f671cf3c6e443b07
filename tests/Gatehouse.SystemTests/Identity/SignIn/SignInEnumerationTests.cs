using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>A sign-in does not tell whether an address has an account: not by what is answered, nor by the work done, nor by what
/// follows.</summary>
[Collection<OneProxiedApp>]
public sealed class SignInEnumerationTests(ProxiedApp running) : IDisposable
{
    private readonly IDisposable held = running.App.Clock.Hold();
    private readonly TestApp app = running.App;

    public void Dispose() => held.Dispose();

    [Theory]
    [InlineData("email")]
    [InlineData("phone")]
    public async Task A_wrong_password_an_unknown_address_and_an_account_without_password_look_the_same_and_cost_the_same(string kind)
    {
        var (known, without) = (await SomebodyAsync(New(kind)), await SomebodyAsync(New(kind)));
        await app.ExecuteAsync("update identity.users set password_hash = null where id = $1", without.UserId);
        var seen = new List<(string Transcript, IReadOnlyList<string> Work, string Stored)>();

        foreach (var identifier in new[] { known.Email, New(kind), without.Email })
        {
            var before = await FootprintAsync();
            using var trace = new TraceOf();
            var answer = await SignInAsync(identifier, trace.Header);
            seen.Add((Transcript(answer), trace.Work(), Difference(before, await FootprintAsync())));
        }

        Assert.StartsWith("Unauthorized", seen[0].Transcript, StringComparison.Ordinal);
        Assert.Contains("RateLimit", seen[0].Transcript, StringComparison.Ordinal);
        Assert.Single(seen[0].Work, "password.hash");
        Assert.InRange(seen[0].Work.Count, 6, 30);
        // One failure of the identifier and one of the network, one event of it.
        Assert.Equal("2 0 1", seen[0].Stored);
        Assert.All(seen, s => Assert.Equal(seen[0].Transcript, s.Transcript));
        Assert.All(seen, s => Assert.Equal(seen[0].Work, s.Work));
        Assert.All(seen, s => Assert.Equal(seen[0].Stored, s.Stored));
    }

    [Fact]
    public async Task Waits_look_and_cost_the_same()
    {
        var known = (await SomebodyAsync()).Email;
        var unknown = TestUsers.NewEmail();
        for (var i = 0; i < 10; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(15));
            await SignInAsync(known);
            await SignInAsync(unknown);
        }

        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();
        var (first, second) = (await SignInAsync(known, ofKnown.Header), await SignInAsync(unknown, ofUnknown.Header));

        Assert.Equal("identity.sign-in-throttled", first.Code);
        Assert.Equal(Transcript(second), Transcript(first));
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        Assert.DoesNotContain("password.hash", ofKnown.Work());
    }

    [Fact]
    public async Task A_device_token_of_somebody_else_tells_nothing_of_an_address()
    {
        var known = (await SomebodyAsync()).Email;
        var device = ("Gatehouse-Device", (await SomebodyAsync()).Device);
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        var (first, second) = (
            await SignInAsync(known, ofKnown.Header, device),
            await SignInAsync(TestUsers.NewEmail(), ofUnknown.Header, device)
        );

        Assert.Equal(Transcript(second), Transcript(first));
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(6, 2)]
    public async Task A_sign_in_from_elsewhere_changes_nothing_for_a_guesser(int guesses, int slips)
    {
        var (known, unknown) = ((await SomebodyAsync()).Email, TestUsers.NewEmail());
        var (guesser, owner) = (ProxiedApp.NewPlace(), ProxiedApp.NewPlace());
        await GuessBothAsync(guesses);
        for (var i = 0; i <= slips; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(15));
            var answer = await app.Users.SignInAsync(known, i < slips ? Guesses.Wrong : TestUsers.Password, owner);
            Assert.Equal(i < slips ? HttpStatusCode.Unauthorized : HttpStatusCode.Created, answer.Status);
        }

        var seen = await GuessBothAsync(9 - guesses);

        // By what the guesser did alone: after the fifth a second, after the eighth eight. What the owner sat out is over.
        var waits = seen.Where(s => s.StartsWith("429", StringComparison.Ordinal))
            .Select(s => int.Parse(s.Split(' ')[^1], CultureInfo.InvariantCulture));
        Assert.Equal(guesses == 3 ? [1, 2, 4, 8] : [4, 8], waits);

        // Guesses at both in step, sitting out each wait.
        async Task<IReadOnlyList<string>> GuessBothAsync(int times)
        {
            var steps = new List<string>();
            for (var judged = 0; judged < times; )
            {
                var (ofKnown, ofUnknown) = (await app.GuessAsync(known, guesser), await app.GuessAsync(unknown, guesser));
                Assert.Equal(ofUnknown.Seen(), ofKnown.Seen());
                steps.Add(ofKnown.Seen());
                if (ofKnown.Status == HttpStatusCode.Unauthorized)
                    judged++;
                else
                    app.Clock.Advance(TimeSpan.FromSeconds(ofKnown.RetryAfter()));
            }

            return steps;
        }
    }

    private static string New(string kind) => kind == "email" ? TestUsers.NewEmail() : TestUsers.NewPhone();

    private Task<SignedIn> SomebodyAsync(string? contact = null) => running.SomebodyAsync(ProxiedApp.NewPlace(), contact);

    private Task<Answer> SignInAsync(string identifier, params (string, string)[] headers) =>
        app.Users.SignInAsync(identifier, Guesses.Wrong, [.. headers, ProxiedApp.NewPlace()]);

    private async Task<string> FootprintAsync()
    {
        await app.QuietAsync();
        return await app.ScalarAsync<string>(
            """
            select concat_ws(' ', (select count(*) from identity.sign_in_failures), (select count(*) from identity.sessions),
                             (select count(*) from runtime.events))
            """
        );
    }

    private static string Difference(string before, string after) =>
        string.Join(
            ' ',
            after
                .Split(' ')
                .Zip(before.Split(' '), (a, b) => int.Parse(a, CultureInfo.InvariantCulture) - int.Parse(b, CultureInfo.InvariantCulture))
        );

    private static string Transcript(Answer answer) =>
        $"{answer.Status}\n{string.Join('\n', Headers(answer))}\n" + Regex.Replace(answer.Text, "\"traceId\":\"[^\"]+\"", "\"traceId\":…");

    private static IEnumerable<string> Headers(Answer answer) =>
        answer
            .Response.Headers.Concat(answer.Response.Content.Headers)
            .Where(h => h.Key != "Date")
            .Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
}
