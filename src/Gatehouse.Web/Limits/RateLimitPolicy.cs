using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Web;

/// <summary>Which limit an endpoint falls under. Requests to endpoints that name none, and to no endpoint at all, count as <see cref="Other"/>.</summary>
public enum RateLimitPolicy
{
    Other,
    Register,
    Verify,
    SignIn,
    Refresh,
    Reset,

    /// <summary>Not limited: probes of the operator's own machinery.</summary>
    None,
}

internal sealed record RateLimitMetadata(RateLimitPolicy Policy);

/// <summary>Names the limit of an endpoint.</summary>
public static class RateLimitExtensions
{
    public static TBuilder LimitBy<TBuilder>(this TBuilder builder, RateLimitPolicy policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimitMetadata(policy));
}
