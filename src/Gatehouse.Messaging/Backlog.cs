using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>How much waits: only the database knows it for all nodes.</summary>
public sealed class Backlog(Database database, TimeProvider clock)
{
    /// <summary>Bounded looks: a backlog of a million events costs no more than one of a thousand.</summary>
    public Task<BacklogLevels> ReadAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.SingleAsync<BacklogLevels>(
                    """
                    select coalesce(greatest(0, extract(epoch from @now - (
                               select min(e.occurred_at) from runtime.lanes l cross join lateral (
                                      select e.occurred_at from runtime.events e
                                       where e.lane = l.lane and (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq)
                                       order by e.epoch, e.xid, e.seq limit 1) e))), 0)::float8 as OldestUnsentSeconds,
                           (select count(*) from runtime.parked where state <> 'dead')::float8 as DeferredDeliveries,
                           (select count(*) from runtime.parked where state = 'dead')::float8 as DeadDeliveries,
                           (select count(*) from (select 1 from runtime.jobs where state = 'ready' limit 10000) j)::float8 as WaitingJobs,
                           (select count(*) from (select 1 from runtime.jobs where state = 'dead' limit 10000) j)::float8 as DeadJobs
                    """,
                    new { now = clock.GetUtcNow() }
                ),
            cancellationToken
        );
}

public sealed class BacklogLevels
{
    public double OldestUnsentSeconds { get; init; }

    public double DeferredDeliveries { get; init; }

    public double DeadDeliveries { get; init; }

    public double WaitingJobs { get; init; }

    public double DeadJobs { get; init; }

    public IReadOnlyDictionary<string, double> ToFacts() =>
        new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["oldestUnsentSeconds"] = OldestUnsentSeconds,
            ["deferredDeliveries"] = DeferredDeliveries,
            ["deadDeliveries"] = DeadDeliveries,
            ["waitingJobs"] = WaitingJobs,
            ["deadJobs"] = DeadJobs,
        };
}
