using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Hosting;

/// <summary>Housekeeping that is safe to repeat and to miss.</summary>
public interface IRecurring
{
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>When recurring work is due. The scheduler of the messaging runs it.</summary>
internal sealed record Schedule(string Name, TimeSpan Every, Func<IServiceProvider, CancellationToken, Task> RunAsync);

public static class RecurringExtensions
{
    /// <summary>Work that one of the nodes does every <paramref name="every"/>.</summary>
    public static IServiceCollection AddRecurring<TWork>(this IServiceCollection services, string name, TimeSpan every)
        where TWork : class, IRecurring
    {
        services.AddSingleton<TWork>();
        services.AddSingleton(
            new Schedule(name, every, (provider, cancellationToken) => provider.GetRequiredService<TWork>().RunAsync(cancellationToken))
        );
        return services;
    }
}
