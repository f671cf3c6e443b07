using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>The records and their batches, as parts of the database that they share with the event log.</summary>
internal sealed class AuditTable : IWrittenPositions
{
    /// <summary>A month each: records are kept so long that a question over days would take more locks than the server has.</summary>
    public static PartitionedTable Records { get; } =
        new()
        {
            Schema = "audit",
            Name = "records",
            Span = PartitionSpan.Month,
            // Only what lies in a batch that was signed as trimmed may go.
            IsNeededAsync = (db, partition) =>
                db.SingleAsync<bool>(
                    $"""
                    select exists (select 1 from {partition} a
                                    where not exists (select 1 from audit.batches b
                                                       where b.trimmed_at is not null
                                                         and (a.epoch, a.xid, a.seq) <= (b.last_epoch, b.last_xid, b.last_seq)))
                    """
                ),
        };

    public Task<IReadOnlyList<WrittenPosition>> NewestAsync(DbSession db) =>
        db.ListAsync<WrittenPosition>(
            """
            (select a.epoch, a.xid from audit.records a order by a.epoch desc, a.xid desc, a.seq desc limit 1)
            union all
            (select b.last_epoch, b.last_xid from audit.batches b order by b.number desc limit 1)
            """
        );
}
