using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Hosting;

/// <summary>What a module knows of something it depends on. Shown to operators.</summary>
public interface IHealthDetail
{
    /// <summary>Whether the node can serve without it.</summary>
    bool IsRequired => false;

    DependencyHealth Look();
}

public static class HealthDetailExtensions
{
    /// <summary>Shows what the registered singleton <typeparamref name="T"/> knows.</summary>
    public static IServiceCollection AddHealthDetail<T>(this IServiceCollection services)
        where T : class, IHealthDetail => services.AddSingleton<IHealthDetail>(provider => provider.GetRequiredService<T>());
}

/// <param name="Milliseconds">How long the look took.</param>
/// <param name="Facts">Levels an operator watches; no personal data.</param>
public sealed record DependencyHealth(
    string Name,
    bool Healthy,
    double Milliseconds,
    string? Reason,
    IReadOnlyDictionary<string, double>? Facts = null
);
