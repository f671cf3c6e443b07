using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Authenticators;

/// <summary>What operators watch of passkeys. Tags never name a user.</summary>
internal sealed class PasskeyMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> added;
    private readonly Counter<long> signedIn;
    private readonly Counter<long> countersWentBack;

    public PasskeyMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        added = meter.CreateCounter<long>("gatehouse.passkeys.added", "{passkey}", "Passkeys added.");
        signedIn = meter.CreateCounter<long>("gatehouse.passkeys.sign_ins", "{sign_in}", "Sign-ins with a passkey.");
        countersWentBack = meter.CreateCounter<long>(
            "gatehouse.passkeys.counters_went_back",
            "{attempt}",
            "Passkeys rejected because their signature counter went back: there may be a copy."
        );
    }

    public void Added() => added.Add(1);

    public void SignedIn() => signedIn.Add(1);

    public void CounterWentBack() => countersWentBack.Add(1);

    public void Dispose() => meter.Dispose();
}
