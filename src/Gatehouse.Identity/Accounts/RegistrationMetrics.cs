using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Accounts;

/// <summary>What operators watch of sign-up. Tags never name a user.</summary>
internal sealed class RegistrationMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> started;
    private readonly Counter<long> completed;
    private readonly Counter<long> refused;

    public RegistrationMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        started = meter.CreateCounter<long>(
            "gatehouse.registrations.started",
            "{registration}",
            "Registrations started, including those of known addresses."
        );
        completed = meter.CreateCounter<long>(
            "gatehouse.registrations.completed",
            "{registration}",
            "Registrations that became a user, by method."
        );
        refused = meter.CreateCounter<long>("gatehouse.registrations.refused", "{attempt}", "Rejected codes and links, by error code.");
    }

    public void RegistrationStarted() => started.Add(1);

    public void RegistrationCompleted(string method) => completed.Add(1, new KeyValuePair<string, object?>("method", method));

    public void ConfirmationRefused(string code) => refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Dispose() => meter.Dispose();
}
