using System.Diagnostics.Metrics;

namespace Gatehouse.Audit;

/// <summary>What operators watch of sealing. What waits for it, only the database knows: see <see cref="AuditBacklog"/>.</summary>
internal sealed class AuditMetrics : IDisposable
{
    public const string MeterName = "Gatehouse.Audit";

    private readonly Meter meter;
    private readonly Counter<long> batches;
    private readonly Counter<long> records;

    public AuditMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        batches = meter.CreateCounter<long>("gatehouse.audit.batches", "{batch}", "Batches sealed by this node.");
        records = meter.CreateCounter<long>("gatehouse.audit.sealed", "{record}", "Records in the batches sealed by this node.");
    }

    public void Sealed(int count)
    {
        batches.Add(1);
        records.Add(count);
    }

    public void Dispose() => meter.Dispose();
}
