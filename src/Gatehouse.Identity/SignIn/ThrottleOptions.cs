using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.SignIn;

/// <summary>Sign-in throttling, and notices of sign-ins. Values weaker than the minimum are rejected.</summary>
public sealed class ThrottleOptions
{
    /// <summary>
    /// Failures in a row before attempts are delayed: 1 to 5, default 5. Each further failure doubles the delay, starting at one
    /// second.
    /// </summary>
    [Range(1, 5)]
    [FormerName("FreeFailures")]
    public int FailuresBeforeDelay { get; set; } = 5;

    /// <summary>Maximum delay in seconds: 900 to 86,400, default 900 (15 minutes).</summary>
    [Range(900, 86_400)]
    [FormerName("LongestWaitSeconds")]
    public int MaxDelaySeconds { get; set; } = 900;

    /// <summary>
    /// Failures in a row, over all buckets of an account, after which password sign-in is locked for unknown devices: 5 to 100, default 100
    /// (NIST SP 800-63B-4 §3.2.2). Known devices can still sign in, and the password can still be reset.
    /// </summary>
    [Range(5, 100)]
    [FormerName("MostFailures")]
    public int MaxFailures { get; set; } = 100;

    /// <summary>
    /// Failures within an hour, over all identifiers, before attempts from a network (IPv4 address or IPv6 /64) are delayed: 5 to 20,
    /// default 20, because many users may share an address. Not counted in development mode unless RateLimits:ApplyInDevelopment is
    /// true.
    /// </summary>
    [Range(5, 20)]
    [FormerName("FreeFailuresPerNetwork")]
    public int FailuresBeforeDelayPerNetwork { get; set; } = 20;

    /// <summary>
    /// Whether users are told of sign-ins from new devices, at most once an hour, with a link for who did not sign in. Default true. Who
    /// never came back on a known device is told of none.
    /// </summary>
    public bool NoticesOfNewDevices { get; set; } = true;
}
