using System.Globalization;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Webhooks;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse events</c> as a process, beside a running server.</summary>
[Trait("Speed", "Slow")]
public sealed class EventsCommandTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Events_are_printed_in_their_order_by_type_subject_and_time()
    {
        var user = await app.Users.SomebodyAsync();
        var other = await app.Users.SomebodyAsync();
        await app.RenameAsync(user, "Grace");
        await app.RenameAsync(other, "Mary");
        await app.RenameAsync(user, "Joan");
        await app.QuietAsync();

        var of = new[] { "--subject", user.UserId.ToString() };
        var all = await ReplayAsync(of);
        Assert.Equal(
            ["user.registered.v1", "user.verified.v1", "user.updated.v1", "user.updated.v1"],
            all.Select(Type).Where(type => type is "user.registered.v1" or "user.verified.v1" or "user.updated.v1")
        );
        Assert.All(all, e => Assert.Equal("1.0", e.GetProperty("specversion").GetString()));
        var updates = await ReplayAsync("--type", "user.updated.v1");
        Assert.Equal([user.UserId, other.UserId, user.UserId], updates.Select(e => e.GetProperty("subject").GetGuid()));
        Assert.All(await ReplayAsync("--type", "user.*"), e => Assert.StartsWith("user.", Type(e), StringComparison.Ordinal));

        var second = Time(updates[1]);
        Assert.Equal(2, (await ReplayAsync("--type", "user.updated.v1", "--from", second)).Count);
        Assert.Equal(Id(updates[0]), Id(Assert.Single(await ReplayAsync("--type", "user.updated.v1", "--to", second))));
        Assert.Empty(await ReplayAsync("--from", "2999-01-01"));
    }

    [Theory]
    [InlineData("--type", "user.flown.v1", "is no event")]
    [InlineData("--from", "yesterday", "requires a time")]
    [InlineData("--subject", "Grace", "--subject")]
    [InlineData("--tenant", "nowhere", "There is no such tenant.")]
    [InlineData("--webhook", "01a1f96e-3a6f-740d-963f-8de6feb3ecb8", "There is no such webhook.")]
    public async Task What_was_mistyped_is_said(string option, string value, string words)
    {
        await using var run = await RunAsync(option, value);

        Assert.NotEqual(0, await run.ExitCodeAsync());
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Events_are_sent_to_a_webhook_again_as_far_as_it_may_get_them()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var administrator = await app.TenantAdministratorAsync();
        var (home, path) = await app.OrganizationAsync(administrator);
        var (member, stranger) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", administrator);
        foreach (var name in new[] { "Grace", "Joan" })
        {
            await app.RenameAsync(member, name);
            await app.RenameAsync(stranger, name);
        }

        await app.QuietAsync();
        var webhook = await app.WebhookAsync(administrator, receiver.Url, home, "user.updated.v1");
        await using var run = await RunAsync("--webhook", webhook.Id.ToString());
        Assert.Equal((0, "2 events are sent to the webhook by the running servers."), (await run.ExitCodeAsync(), run.Output));

        var came = await receiver.WaitAsync(member.UserId, 2);
        Assert.Equal(
            (await ReplayAsync("--type", "user.updated.v1", "--subject", member.UserId.ToString())).Select(Id),
            came.Select(r => r.Headers["webhook-id"].ToString())
        );
        Assert.Empty(receiver.Of(stranger.UserId));
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from audit.records where action = 'webhook.replayed'"));

        await app.AssertDoneAsync(HttpMethod.Post, webhook.Path + "/disable", administrator);
        await using var disabled = await RunAsync("--webhook", webhook.Id.ToString());
        Assert.Equal((1, "The webhook is disabled. Enable it first."), (await disabled.ExitCodeAsync(), disabled.Errors));
    }

    private static string Type(JsonElement e) => e.GetProperty("type").GetString()!;

    private static string Id(JsonElement e) => e.GetProperty("id").GetString()!;

    private static string Time(JsonElement e) => e.GetProperty("time").GetDateTimeOffset().ToString("O", CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<JsonElement>> ReplayAsync(params string[] filters)
    {
        await using var run = await RunAsync(filters);
        Assert.True(await run.ExitCodeAsync() == 0, run.Errors);
        return [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task<GatehouseProcess> RunAsync(params string[] filters) =>
        await GatehouseProcess.RunAsync(["events", "replay", .. filters], await ServeTests.SettingsAsync(app.Databases));
}
