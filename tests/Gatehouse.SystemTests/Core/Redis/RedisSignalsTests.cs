using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Messaging;
using Npgsql;
using StackExchange.Redis;

namespace Gatehouse.SystemTests.Core.Redis;

/// <summary>Nodes tell each other of new events by Redis, and by PostgreSQL while it is away. Nobody polls here.</summary>
public sealed class RedisSignalsTests : IAsyncLifetime
{
    private readonly Probe probe = new();
    private RedisServer server = null!;
    private TestApp a = null!;
    private TestApp b = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        var settings = new Dictionary<string, string?>(server.Settings, StringComparer.Ordinal)
        {
            ["Messaging:LeaseSeconds"] = "300",
            ["Messaging:PollMilliseconds"] = "60000",
        };
        a = await probe.StartAsync(settings: settings);
        b = await probe.StartAsync(beside: a, name: "b", settings: settings);
        await TestApp.EventuallyAsync(
            async () =>
                await a.ScalarAsync<string>(
                    """
                    select coalesce(string_agg(n::text, ',' order by n desc), '')
                      from (select count(*) as n from runtime.lanes where owner is not null group by owner) held
                    """
                ) == "8,8"
                && await server.CommandAsync("pubsub", "numsub", "gatehouse:events") == "gatehouse:events\n2",
            "both nodes hold partitions and listen"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await b.DisposeAsync();
        await a.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Events_written_on_any_node_are_taken_at_once_with_redis_without_it_and_with_it_again()
    {
        var heard = 0;
        await using var connection = new NpgsqlConnection(a.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        connection.Notification += (_, _) => heard++;
        await using (var listen = new NpgsqlCommand("listen gatehouse_events", connection))
            await listen.ExecuteNonQueryAsync();

        await PublishEverywhereAsync();
        await HearAsync();
        Assert.Equal(0, heard);

        await server.StopAsync();
        await PublishEverywhereAsync();
        await HearAsync();
        Assert.NotEqual(0, heard);

        await server.StartAgainAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Servers);
        var signals = 0;
        await client.GetSubscriber().SubscribeAsync(RedisChannel.Literal("gatehouse:events"), (_, _) => Interlocked.Increment(ref signals));
        await TestApp.EventuallyAsync(
            async () => await server.CommandAsync("pubsub", "numsub", "gatehouse:events") == "gatehouse:events\n3",
            "both nodes listen again"
        );
        await PublishEverywhereAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref signals) > 0), "a signal goes over Redis again");

        // What was notified before this statement arrives with it.
        async Task HearAsync()
        {
            await using var any = new NpgsqlCommand("select 1", connection);
            await any.ExecuteScalarAsync();
        }
    }

    private async Task PublishEverywhereAsync()
    {
        var keys = Enumerable.Range(0, Gatehouse.Messaging.Partition.Count).Select(lane => Probe.NewKey(a, (short)lane)).ToList();
        foreach (var (key, index) in keys.Select((key, index) => (key, index)))
            await Probe.PublishAsync(index % 3 == 0 ? a : b, key, "1");
        foreach (var key in keys)
            await Probe.ExpectAsync(a, key, "1");
    }
}
