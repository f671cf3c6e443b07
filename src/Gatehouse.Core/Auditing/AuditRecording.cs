using Gatehouse.Core.Postgres;

namespace Gatehouse.Core.Auditing;

public static class AuditRecording
{
    /// <summary>Writes a record into the audit with this change. The module that keeps the audit does so before the commit.</summary>
    public static void Record(this Transaction tx, AuditRecord record) => tx.Collect<PendingRecords>().Items.Add(record);
}

internal sealed class PendingRecords
{
    public List<AuditRecord> Items { get; } = [];
}
