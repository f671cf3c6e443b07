using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>Up to where a reader of the log has read.</summary>
/// <param name="Epoch">With the next two, the place in the log.</param>
/// <param name="ReadAt">When nothing before the place was missing: what is written later has a later time.</param>
public sealed record ReplayCursor(int Epoch, long Xid, long Seq, DateTimeOffset ReadAt);

/// <summary>A part of the log.</summary>
/// <param name="Events">In the order in which they were written; there may be none although more follow.</param>
/// <param name="Next">Where the next part begins.</param>
/// <param name="IsLast">Whether there was nothing more.</param>
public sealed record ReplayPage(IReadOnlyList<EventEnvelope> Events, ReplayCursor Next, bool IsLast);

/// <summary>
/// Reads the retained log for services outside, across all partitions and in one order. It skips no event whose transaction commits late:
/// the first one that may have a predecessor ends the part.
/// </summary>
public sealed class EventReplay(DataSources sources, MessagingOptions options, TimeProvider clock)
{
    // What a call may look at for the sake of a few events that are wanted.
    private const int MaxScanned = 1000;

    // What a page of the API needs where all events are wanted. A constant: the planner has to know that it is little.
    private const int FirstScanned = 101;

    private static readonly string FirstScan = Scan(FirstScanned);
    private static readonly string FullScan = Scan(MaxScanned);

    // Ids are made when a transaction begins, and clocks differ.
    private static readonly TimeSpan IdLag = TimeSpan.FromHours(26);

    /// <summary>How much longer than the retention events stay, so that who reads the oldest ones is not overtaken.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private TimeSpan Retention => TimeSpan.FromDays(options.RetentionDays);

    /// <summary>Before the oldest event that is kept for replay.</summary>
    public ReplayCursor Oldest => new(0, 0, 0, clock.GetUtcNow() - Retention);

    /// <summary>Behind the newest event.</summary>
    public Task<ReplayCursor> NewestAsync(CancellationToken cancellationToken) =>
        sources.Main.QueryAsync(
            async db =>
            {
                var row = await db.SingleAsync<Row>(
                    """
                    select (select max(epoch) from runtime.log_epochs) as epoch,
                           pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 as xid
                    """
                );
                return new ReplayCursor(row.Epoch, row.Xid, long.MaxValue, clock.GetUtcNow());
            },
            cancellationToken
        );

    /// <summary>Whether events that followed the cursor may have been removed since.</summary>
    public bool IsExpired(ReplayCursor cursor) => cursor.ReadAt < clock.GetUtcNow() - Retention - Grace;

    /// <param name="types">Names of the events that are wanted; empty for all.</param>
    public async Task<ReplayPage> ReadAsync(
        Guid tenant,
        IReadOnlyCollection<string> types,
        ReplayCursor after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        // Mostly all are wanted, and the one more tells whether more follow.
        var scanned = limit < FirstScanned ? FirstScanned : MaxScanned;
        var rows = await sources.Main.QueryAsync(db => ScanAsync(db, tenant, types, after, scanned), cancellationToken);
        if (scanned < MaxScanned && rows.Count == scanned && rows.All(row => row.Stable) && rows.Count(row => row.Wanted) <= limit)
        {
            scanned = MaxScanned;
            rows = await sources.Main.QueryAsync(db => ScanAsync(db, tenant, types, after, scanned), cancellationToken);
        }

        var events = new List<EventEnvelope>();
        var next = after;
        foreach (var row in rows)
        {
            if (!row.Stable)
                return new ReplayPage(events, next, IsLast: true);
            if (row.Wanted && events.Count == limit)
                return new ReplayPage(events, next, IsLast: false);
            if (row.Wanted)
                events.Add(row.Envelope);
            next = new ReplayCursor(row.Epoch, row.Xid, row.Seq, row.Time);
        }

        return rows.Count == scanned
            ? new ReplayPage(events, next, IsLast: false)
            : new ReplayPage(events, next with { ReadAt = now }, IsLast: true);
    }

    private static Task<IReadOnlyList<Row>> ScanAsync(
        DbSession db,
        Guid tenant,
        IReadOnlyCollection<string> types,
        ReplayCursor after,
        int scanned
    ) =>
        db.ListAsync<Row>(
            scanned == FirstScanned ? FirstScan : FullScan,
            new
            {
                tenant,
                types = types.ToArray(),
                after.Epoch,
                after.Xid,
                after.Seq,
                // Leaves out whole table partitions of days that were read.
                lowest = PartitionedTable.LowestId(after.Seq == 0 ? after.ReadAt : after.ReadAt - IdLag),
            }
        );

    // Each partition by itself, in the order of its index: merging them reads one row of each, and then as many as are taken. (select
    // @Epoch) hides the epoch from the planner: it estimates such a comparison by the first column alone, and would read and sort all of
    // the log that follows, of which it expects next to nothing because no epoch is later.
    private static string Scan(int scanned) =>
        $"""
            select e.epoch, e.xid, e.seq, e.stable, e.wanted, e.id, e.type, e.topic, e.tenant_id, e.key, e.subject_version,
                   e.occurred_at as Time, e.trace_parent, case when e.wanted then e.data else '' end as data
              from (select e.*, e.tenant_id = @tenant and (cardinality(@types::text[]) = 0 or e.type = any(@types)) as wanted,
                           (e.epoch < (select max(epoch) from runtime.log_epochs)
                                or e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint) as stable
                      from ({string.Join(
                " union all ",
                Enumerable.Range(0, Partition.Count).Select(partition => Of(partition, scanned))
            )}) e) e
             order by e.epoch, e.xid, e.seq
             limit {scanned}
            """;

    private static string Of(int partition, int scanned) =>
        $"""
            (select * from runtime.events
              where lane = {partition} and (epoch, xid, seq) > ((select @Epoch), @Xid, @Seq) and id >= @lowest
              order by epoch, xid, seq
              limit {scanned})
            """;

    private sealed class Row : LoggedEvent
    {
        public bool Wanted { get; init; }
    }
}
