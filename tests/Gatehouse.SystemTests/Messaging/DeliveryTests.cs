using System.Globalization;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Messaging;

[Collection<OneProbe>]
public sealed class DeliveryTests(ProbedApp probed)
{
    private readonly TestApp app = probed.App;

    private Database Database => app.Services.GetRequiredService<Database>();

    [Fact]
    public async Task Each_subscriber_takes_each_event_once_and_in_the_order_of_its_key_under_parallel_writers()
    {
        var keys = Enumerable.Range(0, 12).Select(_ => Probe.NewKey(app)).ToList();
        await Task.WhenAll(
            keys.Select(key =>
                Task.Run(async () =>
                {
                    for (var number = 1; number <= 20; number++)
                        await Probe.PublishAsync(app, key, number.ToString(CultureInfo.InvariantCulture));
                })
            )
        );

        foreach (var key in keys)
        {
            await Probe.ExpectAsync(app, key, Probe.Numbers(1, 20));
            await Probe.ExpectAsync(app, key, Probe.Numbers(1, 20), Probe.Second);
        }
    }

    [Fact]
    public async Task Events_of_one_transaction_come_in_the_order_they_were_published()
    {
        var key = Probe.NewKey(app);
        await Database.InTransactionAsync(
            "test",
            tx =>
                Probe.Done(() =>
                    Enumerable.Range(1, 250).ToList().ForEach(n => Probe.Publish(tx, key, n.ToString(CultureInfo.InvariantCulture)))
                ),
            default
        );

        await Probe.ExpectAsync(app, key, Probe.Numbers(1, 250));
    }

    [Fact]
    public async Task What_waits_in_a_partition_is_taken_in_one_transaction()
    {
        var keys = Enumerable.Range(0, 10).Select(_ => Probe.NewKey(app, lane: 7)).ToList();
        await Database.InTransactionAsync("test", tx => Probe.Done(() => keys.ForEach(key => Probe.Publish(tx, key, "1"))), default);

        foreach (var key in keys)
            await Probe.ExpectAsync(app, key, "1", Probe.Second);
        Assert.Equal(20L, await app.ScalarAsync<long>("select count(*) from public.probe where key = any($1)", keys));
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(distinct xmin::text) from public.probe where key = any($1)", keys));
    }

    [Fact]
    public async Task A_late_commit_is_never_skipped_and_nothing_after_it_is_taken_before()
    {
        var key = Probe.NewKey(app, lane: 3);
        var neighbour = Probe.NewKey(app, lane: 3);
        await using var connection = new NpgsqlConnection(app.Databases.Main + ";Pooling=false");
        await connection.OpenAsync();
        await using var late = await connection.BeginTransactionAsync();
        var data = $$"""{"userId":"{{key}}","channel":"email","method":"1"}""";
        await new DbSession(connection, late, default).ExecuteAsync(
            """
            insert into runtime.events (id, lane, epoch, tenant_id, key, type, topic, occurred_at, data)
            values (@id, 3, 1, @tenant, @key, 'user.verified.v1', 'gatehouse.users', now(), @data)
            """,
            new
            {
                id = Probe.NewKey(app),
                tenant = Probe.Tenant,
                key,
                data,
            }
        );
        await Probe.PublishAsync(app, key, "2", "3");
        await Probe.PublishAsync(app, neighbour, "a", "b");

        // Time for many looks of the pump, which poll every 100 ms here.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.Equal("", await Probe.TakenAsync(app, key));
        Assert.Equal("", await Probe.TakenAsync(app, neighbour));

        await late.CommitAsync();
        await Probe.ExpectAsync(app, key, "1 2 3");
        await Probe.ExpectAsync(app, neighbour, "a b");
    }

    [Fact]
    public async Task A_persons_events_come_in_the_order_of_their_versions_even_when_the_later_change_wrote_first()
    {
        var person = Probe.NewKey(app);
        await app.ExecuteAsync("insert into public.people values ($1, 0)", person);
        using var begun = new SemaphoreSlim(0);
        using var changed = new SemaphoreSlim(0);
        var slow = Database.InTransactionAsync(
            "test",
            async tx =>
            {
                await tx.SingleAsync<string>("select pg_current_xact_id()::text");
                begun.Release();
                await changed.WaitAsync();
                return await RaiseAsync(tx, person);
            },
            default
        );
        await begun.WaitAsync();
        await Database.InTransactionAsync("test", tx => RaiseAsync(tx, person), default);
        changed.Release();
        await slow;

        await Probe.ExpectAsync(app, person, "1 2");
    }

    [Fact]
    public async Task A_persons_events_come_in_the_order_of_their_versions_under_parallel_changes()
    {
        var people = Enumerable.Range(0, 3).Select(_ => Probe.NewKey(app)).ToList();
        foreach (var person in people)
            await app.ExecuteAsync("insert into public.people values ($1, 0)", person);
        await Task.WhenAll(
            people.SelectMany(person =>
                Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        Task.Run(async () =>
                        {
                            for (var change = 0; change < 15; change++)
                                await Database.InTransactionAsync("test", tx => RaiseAsync(tx, person), default);
                        })
                    )
            )
        );

        foreach (var person in people)
            await Probe.ExpectAsync(app, person, Probe.Numbers(1, 60));
    }

    [Fact]
    public async Task What_is_rolled_back_publishes_nothing()
    {
        var key = Probe.NewKey(app);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Database.InTransactionAsync<bool>(
                "test",
                async tx =>
                {
                    Probe.Publish(tx, key, "never");
                    await tx.ExecuteAsync("select 1");
                    throw new InvalidOperationException();
                },
                default
            )
        );
        await Probe.PublishAsync(app, key, "1");

        await Probe.ExpectAsync(app, key, "1");
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1", key));
    }

    [Fact]
    public async Task A_deadlocks_victim_does_its_work_again()
    {
        var (one, two) = (Probe.NewKey(app), Probe.NewKey(app));
        await app.ExecuteAsync("insert into public.people values ($1, 0), ($2, 0)", one, two);
        using var both = new Barrier(2);
        var runs = 0;
        async Task<bool> CrossAsync(Guid first, Guid second) =>
            await Database.InTransactionAsync(
                "test",
                async tx =>
                {
                    await RaiseAsync(tx, first);
                    // Both hold their first row before either asks for the other's; a second run goes alone.
                    if (Interlocked.Increment(ref runs) <= 2)
                        await Task.Run(both.SignalAndWait);
                    await RaiseAsync(tx, second);
                    return true;
                },
                default
            );

        await Task.WhenAll(CrossAsync(one, two), CrossAsync(two, one));

        // Usually three; the victim may be quicker than the one it let pass, and lose again.
        Assert.InRange(runs, 3, 6);
        await Probe.ExpectAsync(app, one, "1 2");
        await Probe.ExpectAsync(app, two, "1 2");
    }

    [Fact]
    public async Task The_epoch_rises_when_the_clusters_transaction_ids_lie_behind_the_log()
    {
        var other = new Probe();
        await using var before = await other.StartAsync();
        var key = Probe.NewKey(before);
        await Probe.PublishAsync(before, key, "1");
        await Probe.ExpectAsync(before, key, "1");
        await before.QuietAsync();
        // As after the restore of a dump into a younger cluster: everything in the log is of a later transaction than any to come.
        await before.ExecuteAsync("update runtime.events set xid = xid + 1000000000");
        await before.ExecuteAsync("update runtime.lanes set xid = xid + 1000000000 where epoch > 0");

        await using var after = await other.StartAsync(beside: before, name: "b");
        Assert.Equal(2, after.Services.GetRequiredService<LogEpoch>().Current);
        await Probe.PublishAsync(after, key, "2", "3");
        await Probe.ExpectAsync(after, key, "1 2 3");

        await using var again = await other.StartAsync(beside: before, name: "c");
        Assert.Equal(2, again.Services.GetRequiredService<LogEpoch>().Current);
    }

    private static async Task<bool> RaiseAsync(Transaction tx, Guid person)
    {
        var version = await tx.SingleAsync<long>(
            "update public.people set version = version + 1 where id = @person returning version",
            new { person }
        );
        Probe.Publish(tx, person, version.ToString(CultureInfo.InvariantCulture), version);
        return true;
    }
}
