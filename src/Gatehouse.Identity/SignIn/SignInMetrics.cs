using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.SignIn;

/// <summary>What operators watch of sign-in. Tags never name a user.</summary>
internal sealed class SignInMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> signInsRefused;
    private readonly Counter<long> rehashed;

    public SignInMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        signInsRefused = meter.CreateCounter<long>("gatehouse.sign_ins.refused", "{attempt}", "Rejected sign-ins, by error code.");
        rehashed = meter.CreateCounter<long>(
            "gatehouse.passwords.rehashed",
            "{password}",
            "Passwords rehashed at sign-in because the configured cost is higher."
        );
    }

    public void SignInRejected(string code) => signInsRefused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void PasswordRehashed() => rehashed.Add(1);

    public void Dispose() => meter.Dispose();
}
