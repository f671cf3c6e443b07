using System.Globalization;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging;

/// <summary>Leases are long here, so whatever moves in time moved because a node said so.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["Messaging:LeaseSeconds"] = "300",
        ["Messaging:PollMilliseconds"] = "60000",
    };

    private readonly Probe probe = new();
    private TestApp a = null!;

    public async ValueTask InitializeAsync() => a = await probe.StartAsync(settings: Settings);

    public async ValueTask DisposeAsync() => await a.DisposeAsync();

    [Fact]
    public async Task Nodes_share_the_lanes_evenly_take_each_event_once_and_hand_over_at_once_when_they_stop()
    {
        await HoldAsync("16");
        await using var b = await probe.StartAsync(beside: a, name: "b", settings: Settings);
        await HoldAsync("8,8");
        var c = await probe.StartAsync(beside: a, name: "c", settings: Settings);
        await HoldAsync("6,5,5");

        // An event written on any node arrives wherever its partition is, although nobody polls.
        var keys = Enumerable.Range(0, Partition.Count).Select(lane => Probe.NewKey(a, (short)lane)).ToList();
        TestApp[] nodes = [a, b, c];
        foreach (var (key, index) in keys.Select((key, index) => (key, index)))
        {
            for (var number = 1; number <= 6; number++)
                await Probe.PublishAsync(nodes[(index + number) % 3], key, number.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var key in keys)
            await Probe.ExpectAsync(a, key, Probe.Numbers(1, 6));
        Assert.Equal("a,b,c", await a.ScalarAsync<string>("select string_agg(distinct node, ',' order by node) from public.probe"));
        Assert.Equal(
            1L,
            await a.ScalarAsync<long>("select max(nodes) from (select count(distinct node) as nodes from public.probe group by key) k")
        );

        await c.DisposeAsync();
        await HoldAsync("8,8");
        foreach (var key in keys)
            await Probe.PublishAsync(a, key, "7");
        foreach (var key in keys)
            await Probe.ExpectAsync(a, key, Probe.Numbers(1, 7));
    }

    [Fact]
    public async Task A_dead_nodes_lanes_are_taken_over_when_its_lease_ends_and_not_before()
    {
        await HoldAsync("16");
        await TakePartitionAsync(2, until: "1 hour");
        var (held, free) = (Probe.NewKey(a, lane: 2), Probe.NewKey(a, lane: 4));
        await Probe.PublishAsync(a, held, "1");
        await Probe.PublishAsync(a, free, "1");
        await Probe.ExpectAsync(a, free, "1");
        await a.Services.GetRequiredService<PartitionLeases>().LeaseAsync(default);
        Assert.Equal("", await Probe.TakenAsync(a, held));

        await a.ExecuteAsync("update runtime.lanes set leased_until = now() - interval '1 s' where lane = 2");
        await a.ExecuteAsync("update runtime.nodes set seen_at = now() - interval '1 hour' where id = $1", Stranger);
        await a.ExecuteAsync("notify gatehouse_lanes");
        await Probe.ExpectAsync(a, held, "1");
        await HoldAsync("16");
    }

    [Fact]
    public async Task A_node_that_lost_a_lane_cannot_move_its_position()
    {
        await HoldAsync("16");
        await TakePartitionAsync(7, until: "1 hour");
        await a
            .Services.GetRequiredService<PartitionLeases>()
            .AcknowledgeAsync([(7, new LogPosition(1, long.MaxValue / 2, 0)), (0, new LogPosition(0, 5, 0))], default);

        Assert.Equal(
            "0: 5, 7: 0",
            await a.ScalarAsync<string>(
                "select string_agg(lane || ': ' || xid, ', ' order by lane) from runtime.lanes where lane in (0, 7)"
            )
        );
    }

    [Fact]
    public async Task Two_hundred_events_at_once_signal_the_other_nodes_a_few_times_only()
    {
        await using var listener = new Npgsql.NpgsqlConnection(a.Databases.Main + ";Pooling=false");
        await listener.OpenAsync();
        await using (var listen = new Npgsql.NpgsqlCommand("listen gatehouse_events", listener))
            await listen.ExecuteNonQueryAsync();
        var signals = 0;
        listener.Notification += (_, _) => signals++;

        var key = Probe.NewKey(a);
        var start = TimeProvider.System.GetTimestamp();
        for (var number = 0; number < 200; number++)
            await Probe.PublishAsync(a, key, "x");
        var pauses = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / 50;
        await TestApp.EventuallyAsync(
            async () =>
                await a.ScalarAsync<long>("select count(*) from public.probe where key = $1 and subscriber = $2", key, Probe.First) == 200,
            "all events"
        );
        using var limit = new CancellationTokenSource(TestApp.Patience);
        while (await listener.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token)) { }

        Assert.InRange(signals, 1, pauses + 3);
    }

    private static readonly Guid Stranger = new("00000000-0000-7000-8000-00000000dead");

    /// <summary>Makes another node hold the partition.</summary>
    private async Task TakePartitionAsync(short lane, string until)
    {
        await a.ExecuteAsync(
            $"update runtime.lanes set owner = $1, leased_until = now() + interval '{until}' where lane = $2",
            Stranger,
            lane
        );
        await a.ExecuteAsync("insert into runtime.nodes values ($1, now()) on conflict (id) do update set seen_at = now()", Stranger);
    }

    private Task HoldAsync(string shares) =>
        TestApp.EventuallyAsync(
            async () =>
                await a.ScalarAsync<string>(
                    """
                    select coalesce(string_agg(n::text, ',' order by n desc), '')
                      from (select count(*) as n from runtime.lanes where owner is not null group by owner) o
                    """
                ) == shares,
            $"lanes shared {shares}"
        );
}
