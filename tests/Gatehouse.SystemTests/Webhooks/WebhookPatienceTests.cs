using Gatehouse.SystemTests.Harness;
using Gatehouse.Webhooks.Sending;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>What becomes of events whose receiver is away, and for how long.</summary>
public sealed class WebhookPatienceTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Strict = new(StringComparer.Ordinal)
    {
        ["Webhooks:AllowPrivateAddresses"] = "false",
    };

    private WebhookReceiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task A_receiver_that_was_away_for_a_day_gets_everything_in_order()
    {
        await using var app = await TestApp.StartAsync();
        var administrator = await app.TenantAdministratorAsync();
        var (one, two) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.QuietAsync();
        receiver.AnswerWith(StatusCodes.Status503ServiceUnavailable);
        await app.WebhookAsync(administrator, receiver.Url, organization: null, "user.updated.v1");
        foreach (var name in new[] { "Grace", "Mary", "Joan" })
        {
            await app.RenameAsync(one, name);
            await app.RenameAsync(two, name);
        }

        await receiver.WaitAsync(one.UserId, 1);
        for (var hour = 1; hour <= 24; hour++)
            await TryAgainAsync(app, one.UserId);
        // Only the first of each was ever tried.
        Assert.All(new[] { one, two }, user => Assert.Single(Versions(receiver.Of(user.UserId)).Distinct()));

        receiver.All.Clear();
        receiver.Answer = null;
        app.Clock.Advance(TimeSpan.FromMinutes(70));
        foreach (var user in new[] { one, two })
        {
            var versions = Versions(await receiver.WaitAsync(user.UserId, 3));
            Assert.Equal(3, versions.Count);
            Assert.Equal(versions.Order(), versions);
        }

        await UntilAsync(app, "select not exists (select 1 from webhooks.deliveries where state <> 'delivered')");
        await UntilAsync(app, "select not exists (select 1 from webhooks.webhooks where failing_since is not null)");
    }

    [Fact]
    public async Task What_is_never_taken_is_given_up_then_its_successors_go_and_at_last_the_webhook_is_disabled()
    {
        await using var app = await TestApp.StartAsync();
        var administrator = await app.TenantAdministratorAsync();
        var (one, two) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.QuietAsync();
        receiver.Answer = (http, received) =>
        {
            if (received.Event.GetProperty("subject").GetGuid() == one.UserId)
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        };
        var webhook = await app.WebhookAsync(administrator, receiver.Url, organization: null, "user.updated.v1");
        await app.RenameAsync(one, "Grace");
        await app.RenameAsync(one, "Joan");
        await app.RenameAsync(two, "Mary");

        // Whoever is not behind it passes.
        await receiver.WaitAsync(two.UserId, 1);
        await receiver.WaitAsync(one.UserId, 1);
        for (var hour = 1; hour < RetryTimes.LeastAttempts; hour++)
            await TryAgainAsync(app, one.UserId);
        Assert.Single(Versions(receiver.Of(one.UserId)).Distinct());
        app.Clock.Advance(TimeSpan.FromHours(40));
        await UntilAsync(app, "select exists (select 1 from webhooks.deliveries where state = 'failed')");
        await TestApp.EventuallyAsync(
            () => Task.FromResult(Versions(receiver.Of(one.UserId)).Distinct().Count() == 2),
            "the next one is tried"
        );

        app.Clock.Advance(TimeSpan.FromHours(73));
        await UntilAsync(app, "select exists (select 1 from webhooks.webhooks where disabled_reason = 'failing')");
        await UntilAsync(
            app,
            "select count(*) = 1 from audit.records where action = 'webhook.disabled' and reason = 'failing' and position($1 in facts) > 0",
            webhook.Id.ToString()
        );
        app.Clock.Advance(TimeSpan.FromDays(15));
        await app.RunRecurringAsync<PurgeDeliveries>();
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from webhooks.deliveries"));
    }

    [Fact]
    public async Task No_private_address_is_connected_to_unless_that_is_allowed()
    {
        await using var app = await TestApp.StartAsync(settings: Strict);
        var administrator = await app.TenantAdministratorAsync();
        var plain = await app.CallAsync(
            HttpMethod.Post,
            "/v1/webhooks",
            administrator,
            new { address = receiver.Url, events = WebhookCalls.Names("user.*") }
        );
        Assert.Equal(["address: webhooks.address-not-allowed"], plain.Errors);

        var port = new Uri(receiver.Url).Port;
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "2130706433" })
        {
            var webhook = await app.WebhookAsync(administrator, $"https://{host}:{port}/");
            await app.AssertDoneAsync(HttpMethod.Post, webhook.Path + "/ping", administrator);
            await app.DeliveryAsync(administrator, webhook, d => d.Is("pending", "private-address"));
        }

        Assert.Empty(receiver.All);
    }

    private static IReadOnlyList<long> Versions(IReadOnlyList<Received> received) =>
        [.. received.Select(r => r.Event.GetProperty("subjectversion").GetInt64())];

    /// <summary>An hour passes, and what failed about the user has failed once more.</summary>
    private async Task TryAgainAsync(TestApp app, Guid user)
    {
        var before = receiver.Of(user).Count;
        app.Clock.Advance(TimeSpan.FromMinutes(70));
        await receiver.WaitAsync(user, before + 1);
        await UntilAsync(app, "select not exists (select 1 from webhooks.deliveries where leased_until is not null)");
    }

    private static Task UntilAsync(TestApp app, string condition, params object[] parameters) =>
        TestApp.EventuallyAsync(() => app.ScalarAsync<bool>(condition, parameters), condition);
}
