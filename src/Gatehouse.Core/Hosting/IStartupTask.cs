using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Hosting;

/// <summary>
/// What must be in memory or in the databases before a node answers. Runs once the schema is verified, in the order of registration, and
/// again at every attempt to start.
/// </summary>
public interface IStartupTask
{
    /// <summary>Whether a command that works with the databases needs it, too.</summary>
    bool IsForCommands => false;

    Task PrepareAsync(CancellationToken cancellationToken);
}

public static class StartupTaskExtensions
{
    /// <summary>Prepares the registered singleton <typeparamref name="T"/> before the node is ready.</summary>
    public static IServiceCollection AddStartupTask<T>(this IServiceCollection services)
        where T : class, IStartupTask => services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<T>());
}
