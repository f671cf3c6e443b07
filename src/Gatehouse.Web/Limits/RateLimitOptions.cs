using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Web;

/// <summary>Request limits per client address (IPv6: per /64 network).</summary>
public sealed class RateLimitOptions
{
    /// <summary>All other requests.</summary>
    public RateLimitRule Other { get; set; } = new() { Permits = 300, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Whether the limits also apply in development mode.</summary>
    public bool ApplyInDevelopment { get; set; }
}

/// <summary>A number of requests per window; the window opens with a client's first request.</summary>
public sealed class RateLimitRule
{
    /// <summary>Requests allowed per window.</summary>
    [Range(1, 1_000_000_000)]
    public int Permits { get; set; } = 1;

    /// <summary>Length of the window.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}
