using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Passwords;

/// <summary>What operators watch of passwords. Tags never name a user.</summary>
internal sealed class PasswordMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> breachChecks;

    public PasswordMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        breachChecks = meter.CreateCounter<long>(
            "gatehouse.passwords.breach_checks",
            "{password}",
            "New passwords checked against breaches, by result."
        );
    }

    public void BreachChecked(string result) => breachChecks.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
