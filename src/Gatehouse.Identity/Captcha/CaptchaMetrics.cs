using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Captcha;

/// <summary>What operators watch of the captcha. Tags never name a user.</summary>
internal sealed class CaptchaMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> verified;

    public CaptchaMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        verified = meter.CreateCounter<long>("gatehouse.captchas.verified", "{captcha}", "Captchas verified, by operation and result.");
    }

    public void Verified(string operation, string result) =>
        verified.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
