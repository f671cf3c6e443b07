using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Webhooks;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// <c>kill -9</c> of a node that sends events: what it had taken goes on elsewhere when its lease has ended, not before, and in order.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class WebhookKillTests
{
    /// <param name="point">Where the node dies; null while the receiver has not answered.</param>
    /// <param name="again">Whether the first event has to come again.</param>
    [Theory]
    [InlineData(null, true)]
    [InlineData("webhooks.conclude.commit start 1", true)]
    [InlineData("webhooks.conclude.commit stop 1", false)]
    public async Task What_a_killed_node_was_sending_is_sent_by_another_in_order(string? point, bool again)
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith(StatusCodes.Status503ServiceUnavailable);
        Guid user;
        await using (var before = await TestApp.StartAsync(databases))
        {
            var administrator = await before.TenantAdministratorAsync();
            var somebody = await before.Users.SomebodyAsync();
            user = somebody.UserId;
            await before.QuietAsync();
            var webhook = await before.WebhookAsync(administrator, receiver.Url, organization: null, "user.updated.v1");
            foreach (var name in new[] { "Grace", "Mary", "Joan" })
                await before.RenameAsync(somebody, name);
            await before.DeliveryAsync(administrator, webhook, d => d.Is("pending", "status"));
            await before.QuietAsync();
        }

        receiver.All.Clear();
        if (point is null)
            receiver.Answer = (http, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        else
            receiver.Answer = null;
        await using var database = NpgsqlDataSource.Create(databases.Main + ";Maximum Pool Size=1");
        await ExecuteAsync(database, "update webhooks.deliveries set next_attempt_at = '2000-01-01' where attempts > 0");
        await using (
            var node = GatehouseProcess.Start(
                ["serve", "--dev", "--port", "0", "--data", folder.FullPath],
                TestApp.Settings(databases.Main, databases.Keys),
                killAt: point
            )
        )
        {
            await receiver.WaitAsync(user, 1);
            // Disposing kills it.
            if (point is not null)
                Assert.Equal(GatehouseProcess.Killed, await node.ExitCodeAsync());
        }

        var first = Assert.Single(receiver.Of(user));
        receiver.All.Clear();
        receiver.Answer = null;
        // However long the other takes to start.
        await ExecuteAsync(
            database,
            "update webhooks.deliveries set leased_until = leased_until + interval '1 hour' where leased_until > now() - interval '1 hour'"
        );
        await using var other = await TestApp.StartAsync(databases);
        if (again)
        {
            Assert.True(await other.ScalarAsync<bool>("select exists (select 1 from webhooks.deliveries where leased_until > now())"));
            await other.QuietAsync();
            Assert.Empty(receiver.All);
            await other.ExecuteAsync(
                "update webhooks.deliveries set leased_until = now() - interval '1 second' where leased_until > now()"
            );
        }

        var came = await receiver.WaitAsync(user, again ? 3 : 2);
        Assert.Equal(again, came[0].Headers["webhook-id"] == first.Headers["webhook-id"]);
        var versions = came.Select(r => r.Event.GetProperty("subjectversion").GetInt64()).ToList();
        Assert.Equal(versions.Distinct().Order(), versions);
        await TestApp.EventuallyAsync(
            () => other.ScalarAsync<bool>("select not exists (select 1 from webhooks.deliveries where state <> 'delivered')"),
            "all are delivered"
        );
        Assert.Equal(again ? 3 : 2, receiver.All.Count);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
