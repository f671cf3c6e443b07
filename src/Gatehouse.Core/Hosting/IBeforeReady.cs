using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Hosting;

/// <summary>
/// What must be in memory or in the databases before a node answers. Runs once the schema is verified, in the order of registration, and again at every
/// attempt to start.
/// </summary>
public interface IBeforeReady
{
    /// <summary>Whether a command that works with the databases needs it, too.</summary>
    bool IsForCommands => false;

    Task PrepareAsync(CancellationToken cancellationToken);
}

public static class BeforeReadyExtensions
{
    /// <summary>Prepares the registered singleton <typeparamref name="T"/> before the node is ready.</summary>
    public static IServiceCollection AddBeforeReady<T>(this IServiceCollection services)
        where T : class, IBeforeReady => services.AddSingleton<IBeforeReady>(provider => provider.GetRequiredService<T>());
}
