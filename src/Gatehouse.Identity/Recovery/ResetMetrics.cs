using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Recovery;

/// <summary>What operators watch of password resets. Tags never name a user.</summary>
internal sealed class ResetMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> resetsRequested;
    private readonly Counter<long> resetsCompleted;
    private readonly Counter<long> resetsRefused;

    public ResetMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        resetsRequested = meter.CreateCounter<long>(
            "gatehouse.password_resets.requested",
            "{reset}",
            "Password resets requested, including those for unknown identifiers."
        );
        resetsCompleted = meter.CreateCounter<long>("gatehouse.password_resets.completed", "{reset}", "Passwords reset, by method.");
        resetsRefused = meter.CreateCounter<long>(
            "gatehouse.password_resets.refused",
            "{attempt}",
            "Rejected codes, links and passwords of resets, by error code."
        );
    }

    public void ResetRequested() => resetsRequested.Add(1);

    /// <param name="method"><c>code</c> or <c>link</c>.</param>
    public void ResetCompleted(string method) => resetsCompleted.Add(1, new KeyValuePair<string, object?>("method", method));

    public void ResetRefused(string code) => resetsRefused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Dispose() => meter.Dispose();
}
