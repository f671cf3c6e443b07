using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>What operators watch of sign-in codes. Tags never name a user.</summary>
internal sealed class SignInCodeMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> requested;
    private readonly Counter<long> completed;
    private readonly Counter<long> refused;
    private readonly Counter<long> lengthened;

    public SignInCodeMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        requested = meter.CreateCounter<long>(
            "gatehouse.sign_in_codes.requested",
            "{request}",
            "Sign-in codes requested, including those for unknown identifiers."
        );
        completed = meter.CreateCounter<long>("gatehouse.sign_in_codes.completed", "{sign_in}", "Sign-ins by code or link, by method.");
        refused = meter.CreateCounter<long>(
            "gatehouse.sign_in_codes.refused",
            "{attempt}",
            "Rejected codes and links of sign-ins, by error code."
        );
        lengthened = meter.CreateCounter<long>(
            "gatehouse.sign_in_codes.lengthened",
            "{time}",
            "How often wrong codes made the codes of a tenant longer, by digits."
        );
    }

    public void Requested() => requested.Add(1);

    /// <param name="method"><c>code</c> or <c>link</c>.</param>
    public void Completed(string method) => completed.Add(1, new KeyValuePair<string, object?>("method", method));

    public void Refused(string code) => refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Lengthened(int digits) => lengthened.Add(1, new KeyValuePair<string, object?>("digits", digits));

    public void Dispose() => meter.Dispose();
}
