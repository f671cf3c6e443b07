using Gatehouse.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>Declares limits and names those of endpoints.</summary>
public static class RateLimitExtensions
{
    private const string Section = "RateLimits";

    /// <summary>Adds rules to the settings section of all limits: a property <c>Register</c> is <c>RateLimits:Register</c>.</summary>
    public static IServiceCollection AddRateLimits<TLimits>(this IServiceCollection services, IConfiguration configuration)
        where TLimits : class, new() => services.AddSettings<TLimits>(configuration, Section);

    public static TBuilder LimitBy<TBuilder>(this TBuilder builder, RateLimitPolicy policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(policy);
}
