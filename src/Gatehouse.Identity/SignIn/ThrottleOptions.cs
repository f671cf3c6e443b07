using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.SignIn;

/// <summary>What wrong passwords cost. No value can be set weaker than its floor.</summary>
public sealed class ThrottleOptions
{
    /// <summary>Failures in a row that cost nothing: 1 to 5, default 5. Each further one doubles the wait, from one second.</summary>
    [Range(1, 5)]
    [FormerName("FreeFailures")]
    public int FailuresBeforeDelay { get; set; } = 5;

    /// <summary>Longest wait in seconds: 900 to 86,400, default 900 (15 minutes).</summary>
    [Range(900, 86_400)]
    [FormerName("LongestWaitSeconds")]
    public int MaxDelaySeconds { get; set; } = 900;

    /// <summary>
    /// Failures in a row, all buckets of an account together, after which devices that are not known may not try passwords any more: 5 to 100, default 100
    /// (NIST SP 800-63B-4 §3.2.2). Known devices and resetting the password stay open.
    /// </summary>
    [Range(5, 100)]
    [FormerName("MostFailures")]
    public int MaxFailures { get; set; } = 100;

    /// <summary>
    /// Failures within an hour, over all identifiers, that cost a network (one IPv4 address, one IPv6 /64) nothing: 5 to 20, default 20, because many users
    /// may share an address. Not counted in development mode unless the limits of addresses hold there.
    /// </summary>
    [Range(5, 20)]
    [FormerName("FreeFailuresPerNetwork")]
    public int FailuresBeforeDelayPerNetwork { get; set; } = 20;
}
