using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Verification;

/// <summary>What operators watch of codes and links as such; what they are for counts the rest.</summary>
internal sealed class VerificationMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> purged;

    public VerificationMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        purged = meter.CreateCounter<long>(
            "gatehouse.verifications.purged",
            "{verification}",
            "Verifications removed when their time was over, completed ones included."
        );
    }

    public void Purged(int count) => purged.Add(count);

    public void Dispose() => meter.Dispose();
}
