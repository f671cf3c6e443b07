using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;
using SignedIn = Gatehouse.SystemTests.Harness.SignedIn;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>The signing key changes, and password hashes are made dearer, while people sign in, refresh and read on two nodes: nobody
/// notices.</summary>
[Trait("Speed", "Slow")]
public sealed class RotationTests
{
    private const int People = 4;

    [Fact]
    public async Task No_request_fails_while_the_key_is_rotated_and_hashes_are_raised()
    {
        await using var first = await TestApp.StartAsync(await (await TestDatabases.GetAsync()).CreateAsync());
        await using var second = await first.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PasswordHashing:MemoryKiB"] = "24576" }
        );
        TestApp[] nodes = [first, second];
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => first.Users.SomebodyAsync()));
        var keys = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var turn = 0;

        var activates = await first.Services.GetRequiredService<SigningKeys>().BringForwardAsync(CancellationToken.None);
        // The key created at the start is brought forward as far as services' copies allow.
        Assert.InRange(activates - first.Clock.GetUtcNow(), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        while (first.Clock.GetUtcNow() < activates.AddMinutes(2) || keys.Count < 2)
        {
            // The time moves on while requests run.
            await Task.WhenAll(people.Select(LiveAsync).Append(PassAsync()));
            Assert.True(turn < 200, "the new key signs");
            turn++;
        }

        Assert.Equal(2, keys.Count);
        Assert.Equal(
            (long)People,
            await first.ScalarAsync<long>("select count(*) from identity.users where password_hash like '%m=24576,%'")
        );
        foreach (var person in people)
        {
            Assert.Equal(HttpStatusCode.Created, (await first.Users.SignInAsync(person.Email)).Status);
            Assert.Equal(HttpStatusCode.Created, (await second.Users.SignInAsync(person.Email)).Status);
        }

        async Task PassAsync()
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            first.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        async Task LiveAsync(SignedIn person)
        {
            var (here, there) = (nodes[turn % 2], nodes[(turn + 1) % 2]);
            var tokens = (await here.Users.SignInAsync(person.Email)).Tokens();
            Assert.Equal(HttpStatusCode.OK, (await there.Users.MeAsync(tokens)).Status);
            tokens = (await there.Users.RefreshAsync(tokens.Refresh)).Tokens();
            Assert.Equal(HttpStatusCode.OK, (await here.Users.MeAsync(tokens)).Status);
            keys.AddOrUpdate(
                JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.Access.Split('.')[0]))!["kid"]!.GetValue<string>(),
                1,
                (_, n) => n + 1
            );
        }
    }
}
