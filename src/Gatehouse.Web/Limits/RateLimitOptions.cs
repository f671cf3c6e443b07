using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Web;

/// <summary>How many requests one client address (IPv6: one /64 network) may make.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Everything else.</summary>
    public RateLimitRule Other { get; set; } = new() { Permits = 300, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Whether the limits also hold in development mode, where they are otherwise wide open.</summary>
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
