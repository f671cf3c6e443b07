using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Runtime.Health;

/// <summary>What a module knows of something it depends on. Shown to operators; the node is ready without it.</summary>
public interface IHealthDetail
{
    DependencyHealth Look();
}

public static class HealthDetailExtensions
{
    /// <summary>Shows what the registered singleton <typeparamref name="T"/> knows.</summary>
    public static IServiceCollection AddHealthDetail<T>(this IServiceCollection services)
        where T : class, IHealthDetail => services.AddSingleton<IHealthDetail>(provider => provider.GetRequiredService<T>());
}
