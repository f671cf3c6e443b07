using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Which limit an endpoint falls under, declared by the area that owns it. Requests to endpoints that name none, and to no endpoint at all,
/// count as <see cref="Other"/>.
/// </summary>
public sealed class RateLimitPolicy
{
    public static readonly RateLimitPolicy Other = Of<RateLimitOptions>("other", limits => limits.Other);

    /// <summary>Not limited: probes of the operator's own machinery.</summary>
    public static readonly RateLimitPolicy None = new("none", _ => throw new InvalidOperationException("What is not limited has no rule."));

    private readonly Func<IServiceProvider, RateLimitRule> rule;

    private RateLimitPolicy(string name, Func<IServiceProvider, RateLimitRule> rule) => (Name, this.rule) = (name, rule);

    /// <summary>Its name in the headers that tell clients where they stand.</summary>
    public string Name { get; }

    /// <summary>A policy whose rule is a setting of its area, added by <see cref="RateLimitExtensions.AddRateLimits{TLimits}"/>.</summary>
    public static RateLimitPolicy Of<TLimits>(string name, Func<TLimits, RateLimitRule> rule)
        where TLimits : class => new(name, services => rule(services.GetRequiredService<TLimits>()));

    public override string ToString() => Name;

    internal RateLimitRule RuleIn(IServiceProvider services) => rule(services);
}
