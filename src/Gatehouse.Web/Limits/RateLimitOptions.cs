using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Web;

/// <summary>How many requests one client address (IPv6: one /64 network) may make.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Starting a registration.</summary>
    public RateLimitRule Register { get; set; } = new() { Permits = 10, Window = TimeSpan.FromHours(1) };

    /// <summary>Proving a code or a link.</summary>
    public RateLimitRule Verify { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(10) };

    /// <summary>Signing in.</summary>
    public RateLimitRule SignIn { get; set; } = new() { Permits = 30, Window = TimeSpan.FromMinutes(5) };

    /// <summary>Refreshing tokens.</summary>
    public RateLimitRule Refresh { get; set; } = new() { Permits = 60, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Asking for a new password.</summary>
    public RateLimitRule Reset { get; set; } = new() { Permits = 5, Window = TimeSpan.FromHours(1) };

    /// <summary>Everything else.</summary>
    public RateLimitRule Other { get; set; } = new() { Permits = 300, Window = TimeSpan.FromMinutes(1) };

    /// <summary>Whether the limits also hold in development mode, where they are otherwise wide open.</summary>
    public bool ApplyInDevelopment { get; set; }

    internal RateLimitRule RuleOf(RateLimitPolicy policy) => policy switch
    {
        RateLimitPolicy.Register => Register,
        RateLimitPolicy.Verify => Verify,
        RateLimitPolicy.SignIn => SignIn,
        RateLimitPolicy.Refresh => Refresh,
        RateLimitPolicy.Reset => Reset,
        _ => Other,
    };
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
