using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Runtime.Startup;

/// <summary>What a module must have in memory before its node answers. Runs after schema, keys and log are there, and again at every attempt.</summary>
public interface IBeforeReady
{
    Task PrepareAsync(CancellationToken cancellationToken);
}

public static class BeforeReadyExtensions
{
    /// <summary>Prepares the registered singleton <typeparamref name="T"/> before the node is ready.</summary>
    public static IServiceCollection AddBeforeReady<T>(this IServiceCollection services)
        where T : class, IBeforeReady => services.AddSingleton<IBeforeReady>(provider => provider.GetRequiredService<T>());
}
