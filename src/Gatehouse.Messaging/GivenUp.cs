using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>Deliveries or jobs that were given up, as far as they have a reason in common.</summary>
public sealed class GivenUpGroup
{
    /// <summary>The subscriber, or the kind of job.</summary>
    public string Name { get; init; } = "";

    /// <summary>Why the last attempt failed.</summary>
    public string Reason { get; init; } = "";

    public long Count { get; init; }

    public DateTimeOffset Oldest { get; init; }

    /// <summary>Later deliveries of the same keys that wait behind them.</summary>
    public long Waiting { get; init; }
}

/// <summary>What was tried too often: it lies there until somebody has mended the cause and lets it be tried again, or gives it up for
/// good.</summary>
public sealed class GivenUp(Database database)
{
    /// <summary>Groups shown; whoever has more mends the first ones first.</summary>
    private const int Limit = 100;

    public Task<IReadOnlyList<GivenUpGroup>> DeliveriesAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ListAsync<GivenUpGroup>(
                    """
                    select subscriber as name, reason, count(*) as count, min(parked_at) as oldest,
                           sum((select count(*) from runtime.parked w
                                 where w.subscriber = d.subscriber and w.key = d.key and w.state = 'waiting'))::bigint as waiting
                      from runtime.parked d
                     where state = 'dead'
                     group by subscriber, reason
                     order by min(parked_at)
                     limit @Limit
                    """,
                    new { Limit }
                ),
            cancellationToken
        );

    public Task<IReadOnlyList<GivenUpGroup>> JobsAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ListAsync<GivenUpGroup>(
                    """
                    select kind as name, coalesce(reason, '') as reason, count(*) as count, min(created_at) as oldest, 0::bigint as waiting
                      from runtime.jobs
                     where state = 'dead'
                     group by kind, coalesce(reason, '')
                     order by min(created_at)
                     limit @Limit
                    """,
                    new { Limit }
                ),
            cancellationToken
        );

    /// <summary>Lets the deliveries of a group be tried again, as if they never had been.</summary>
    /// <returns>How many.</returns>
    public static Task<int> RetryDeliveriesAsync(Transaction tx, string subscriber, string reason) =>
        tx.ExecuteAsync(
            """
            update runtime.parked set state = 'retrying', attempts = 0, next_attempt_at = @Now
             where subscriber = @subscriber and reason = @reason and state = 'dead'
            """,
            new
            {
                tx.Now,
                subscriber,
                reason,
            }
        );

    /// <summary>Gives the deliveries of a group up for good; what waits behind them goes on.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> SkipDeliveriesAsync(Transaction tx, string subscriber, string reason)
    {
        var skipped = await tx.ListAsync<(Guid Event, Guid Key)>(
            "delete from runtime.parked where subscriber = @subscriber and reason = @reason and state = 'dead' returning event_id, key",
            new { subscriber, reason }
        );
        await tx.ExecuteAsync(
            "update runtime.inbox set outcome = 'dropped: skipped' where subscriber = @subscriber and event_id = any(@ids)",
            new { subscriber, ids = skipped.Select(s => s.Event).ToArray() }
        );
        // In one order: two who skip at once must not wait for each other.
        foreach (var key in skipped.Select(s => s.Key).Distinct().Order())
        {
            await DeliveryNotes.LockKeyAsync(tx, subscriber, key);
            await DeliveryNotes.ReleaseNextAsync(tx, subscriber, key);
        }

        return skipped.Count;
    }

    /// <summary>Lets the jobs of a group be tried again, as if they never had been.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> RetryJobsAsync(Transaction tx, string kind, string reason)
    {
        var retried = await tx.ListAsync<Guid>(
            """
            update runtime.jobs set state = 'ready', attempts = 0, run_at = @Now
             where kind = @kind and coalesce(reason, '') = @reason and state = 'dead'
            returning id
            """,
            new
            {
                tx.Now,
                kind,
                reason,
            }
        );
        await OperationStore.ReopenAsync(tx, retried);
        return retried.Count;
    }
}
