using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>
/// Clients that hold tokens of one session use them in any order, on two nodes, late, again, several at once, and sign out in between: what
/// they get is what a few lines of model say.
/// </summary>
[Trait("Speed", "Slow")]
[Collection<SessionsOnTwoNodes>]
public sealed class RefreshModelTests(TwoNodes running)
{
    private const int Clients = 3;

    private static readonly string[] Verdicts = ["rotated", "repeated", "ended", "refused"];

    // Six seconds are within the ten with room for a slow machine, twelve beyond them.
    private static readonly Gen<Move> AnyMove = Gen.Frequency(
        (8, from client in Gen.Choose(0, Clients - 1) from node in Gen.Choose(0, 1) select (Move)new Refresh(client, node)),
        (2, from client in Gen.Choose(0, Clients - 1) from times in Gen.Choose(2, 5) select (Move)new RefreshAtOnce(client, times)),
        (
            2,
            from client in Gen.Choose(0, Clients - 1)
            from node in Gen.Choose(0, 1)
            from back in Gen.Choose(1, 3)
            select (Move)new Replay(client, node, back)
        ),
        (3, from client in Gen.Choose(0, Clients - 1) from source in Gen.Choose(0, Clients - 1) select (Move)new Copy(client, source)),
        (3, Gen.Constant<Move>(new Wait(6))),
        (1, Gen.Elements(0, 1).Select(node => (Move)new SignOut(node)))
    );

    private static readonly Arbitrary<Move[]> Histories = Gen.Choose(3, 25).SelectMany(length => AnyMove.ArrayOf(length)).ToArbitrary();

    private readonly TestApp[] nodes = [running.App, running.Other];

    [Fact]
    public async Task Every_history_goes_as_the_model_says()
    {
        var person = await running.App.Users.SomebodyAsync();
        var verdicts = new Dictionary<string, int>(StringComparer.Ordinal);

        Prop.ForAll(Histories, history => PlayAsync(person, history, verdicts)).Check(Config.QuickThrowOnFailure.WithMaxTest(120));

        // The histories met all there is to meet.
        Assert.All(Verdicts, verdict => Assert.True(verdicts.GetValueOrDefault(verdict) > 20, verdict));
    }

    private async Task PlayAsync(SignedIn person, Move[] history, Dictionary<string, int> verdicts)
    {
        var model = new RefreshModel();
        var started = (await nodes[0].Users.SignInAsync(person.Email)).Tokens();
        var issued = new List<string> { "", started.Refresh };
        var held = Enumerable.Repeat(1, Clients).ToArray();
        var access = started;

        foreach (var move in history)
        {
            switch (move)
            {
                case Refresh(var client, var node):
                    await ShowAsync(client, held[client], node);
                    break;
                case Replay(var client, var node, var back):
                    await ShowAsync(client, Math.Max(1, held[client] - back), node);
                    break;
                case RefreshAtOnce(var client, var times):
                    await SetAgeAsync();
                    var token = issued[held[client]];
                    var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(i => nodes[i % 2].Users.RefreshAsync(token)));
                    var shown = held[client];
                    foreach (var answer in answers)
                        Compare(answer, client, shown);
                    break;
                case Copy(var client, var source):
                    held[client] = held[source];
                    break;
                case Wait(var seconds):
                    model.Wait(seconds);
                    break;
                case SignOut(var node):
                    var over = await nodes[node].Users.SendAsync(HttpMethod.Delete, $"/v1/sessions/{started.SessionId}", person.Tokens);
                    Assert.Equal(model.Ended ? HttpStatusCode.NotFound : HttpStatusCode.NoContent, over.Status);
                    model.SignOut();
                    break;
            }
        }

        await TestApp.EventuallyAsync(
            async () =>
                ((await nodes[0].Users.MeAsync(access)).Status, (await nodes[1].Users.MeAsync(access)).Status)
                == (model.Ended ? (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized) : (HttpStatusCode.OK, HttpStatusCode.OK)),
            "both nodes know whether the session lives"
        );
        // Room for the next history: a person has twenty sessions.
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await nodes[0].Users.SendAsync(HttpMethod.Delete, "/v1/sessions?keep=current", person.Tokens)).Status
        );

        async Task ShowAsync(int client, int generation, int node)
        {
            await SetAgeAsync();
            Compare(await nodes[node].Users.RefreshAsync(issued[generation]), client, generation);
        }

        // The database's clock cannot be moved, so what it is compared with is.
        Task SetAgeAsync() =>
            nodes[0]
                .ExecuteAsync(
                    "update identity.sessions set rotated_at = clock_timestamp() - make_interval(secs => $2) where id = $1",
                    started.SessionId,
                    (double)model.Age
                );

        void Compare(Answer answer, int client, int generation)
        {
            var (wasEnded, newest) = (model.Ended, issued.Count - 1);
            var expected = model.Show(generation);
            var verdict = expected is null
                ? wasEnded
                    ? "refused"
                    : "ended"
                : expected > newest
                    ? "rotated"
                    : "repeated";
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            if (expected is not { } next)
            {
                Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"), (answer.Status, answer.Code));
                return;
            }

            access = answer.Tokens();
            Assert.Equal(started.SessionId, access.SessionId);
            if (next == issued.Count)
            {
                Assert.DoesNotContain(access.Refresh, issued);
                issued.Add(access.Refresh);
            }

            Assert.Equal(issued[next], access.Refresh);
            held[client] = next;
        }
    }

    private abstract record Move;

    /// <summary>A client shows the token it holds.</summary>
    private sealed record Refresh(int Client, int Node) : Move;

    /// <summary>It does so several times at once, on both nodes.</summary>
    private sealed record RefreshAtOnce(int Client, int Times) : Move;

    /// <summary>It shows one that it held before.</summary>
    private sealed record Replay(int Client, int Node, int Back) : Move;

    /// <summary>It takes over what another one holds.</summary>
    private sealed record Copy(int Client, int Source) : Move;

    private sealed record Wait(int Seconds) : Move;

    private sealed record SignOut(int Node) : Move;
}
