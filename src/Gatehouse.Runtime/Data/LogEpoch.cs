namespace Gatehouse.Runtime.Data;

/// <summary>
/// The epoch of the event log and of the audit. Transaction ids order both, but they start again when a dump is restored into another cluster; the
/// epoch is raised then, so that no position ever stands beyond new events.
/// </summary>
public sealed class LogEpoch(DataSources sources, TimeProvider clock)
{
    private int current;

    public int Current => current > 0 ? current : throw new InvalidOperationException("The event log is opened at start, before the first transaction.");

    /// <summary>Reads the epoch, raising it when this cluster's transaction ids lie behind what the log already holds.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sql = new Sql(connection, transaction, cancellationToken);
        await sql.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.epoch', 0))");
        current = await sql.SingleAsync<int>(
            """
            with latest as (select coalesce(max(epoch), 0) as epoch from runtime.log_epochs),
                 written as (select newest.* from runtime.lanes l cross join lateral
                                 (select e.epoch, e.xid from runtime.events e where e.lane = l.lane order by e.epoch desc, e.xid desc limit 1) newest
                             union all select l.epoch, l.xid from runtime.lanes l
                             union all (select a.epoch, a.xid from runtime.audit a order by a.epoch desc, a.xid desc, a.seq desc limit 1)
                             union all (select b.last_epoch, b.last_xid from runtime.audit_batches b order by b.number desc limit 1)),
                 ahead as (select exists (select 1 from written w, latest where w.epoch = latest.epoch and w.xid > pg_current_xact_id()::text::bigint) as yes),
                 raised as (insert into runtime.log_epochs (epoch, started_at)
                            select latest.epoch + 1, @now from latest, ahead where ahead.yes or latest.epoch = 0
                            returning epoch)
            select coalesce((select epoch from raised), (select epoch from latest))
            """,
            new { now = clock.GetUtcNow() });
        await transaction.CommitAsync(cancellationToken);
    }
}
