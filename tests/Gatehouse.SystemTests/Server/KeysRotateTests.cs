using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse keys rotate</c> as a process, beside a running server.</summary>
[Collection<Undisturbed>]
[Trait("Speed", "Slow")]
public sealed class KeysRotateTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_planned_rotation_brings_the_next_key_forward_and_rejects_no_token()
    {
        var tokens = (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Body.GetProperty("tokens");
        var before = await KeyIdsAsync();

        await using var run = await RunAsync();

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.Matches(@"^The next key is used from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$", run.Output);
        await TestApp.EventuallyAsync(async () => (await KeyIdsAsync()).Count == before.Count + 1, "the server publishes one more key");
        Assert.Equal(before, (await KeyIdsAsync()).Take(before.Count));
        Assert.Equal(HttpStatusCode.OK, (await ReadMeAsync(tokens)).Status);

        // Published for less than services may keep the keys, so it waits that long.
        Assert.Equal(before[^2], await SigningKeyAsync());
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(before[^1], await SigningKeyAsync());
    }

    [Fact]
    public async Task An_emergency_makes_every_key_new_and_leaves_sessions_alone()
    {
        var tokens = (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Body.GetProperty("tokens");
        var before = await KeyIdsAsync();

        await using var run = await RunAsync("--now");

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.StartsWith("All signing keys were replaced.", run.Output, StringComparison.Ordinal);
        await TestApp.EventuallyAsync(
            async () => (await ReadMeAsync(tokens)).Status == HttpStatusCode.Unauthorized,
            "the server refuses tokens of the old key"
        );
        Assert.Empty(before.Intersect(await KeyIdsAsync(), StringComparer.Ordinal));

        var refreshed = await app.Users.PostAsync(
            "/v1/tokens/refresh",
            new { refreshToken = tokens.GetProperty("refreshToken").GetString() }
        );
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadMeAsync(refreshed.Body.GetProperty("tokens"))).Status);
    }

    [Fact]
    public async Task A_wrong_master_key_changes_nothing()
    {
        var before = await StoredAsync();
        var settings = await ServeTests.SettingsAsync(app.Databases);

        await using var run = await GatehouseProcess.RunAsync(
            ["keys", "rotate", "--now", "--set", "Keys:Master=other:" + Convert.ToBase64String(new byte[32])],
            settings
        );

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Contains("GATEHOUSE__KEYS__MASTER", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await StoredAsync());
    }

    private Task<string> StoredAsync() =>
        app.KeyScalarAsync<string>("select string_agg(kid || activates_at, ',' order by activates_at) from keys.signing_keys");

    private async Task<GatehouseProcess> RunAsync(params string[] arguments) =>
        await GatehouseProcess.RunAsync(["keys", "rotate", .. arguments], await ServeTests.SettingsAsync(app.Databases));

    private async Task<IReadOnlyList<string>> KeyIdsAsync() =>
        [
            .. (await app.Users.GetAsync("/.well-known/jwks.json"))
                .Body.GetProperty("keys")
                .EnumerateArray()
                .Where(k => k.GetProperty("alg").GetString() == "ES256")
                .Select(k => k.GetProperty("kid").GetString()!),
        ];

    /// <summary>The key of a token issued now.</summary>
    private async Task<string> SigningKeyAsync()
    {
        var tokens = (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Body.GetProperty("tokens");
        var header = tokens.GetProperty("accessToken").GetString()!.Split('.')[0];
        return JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(header)).RootElement.GetProperty("kid").GetString()!;
    }

    private Task<Answer> ReadMeAsync(JsonElement tokens) =>
        app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Bearer " + tokens.GetProperty("accessToken").GetString()));
}
