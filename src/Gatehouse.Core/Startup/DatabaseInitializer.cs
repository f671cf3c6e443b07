using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Core.Startup;

/// <summary>
/// What must hold before anything works with the databases, a node or a command: schema up to date and verified, keys opened, log opened,
/// partitions there.
/// </summary>
public sealed partial class DatabaseInitializer(
    DatabaseOptions options,
    DataSources sources,
    Migrator migrator,
    IEnumerable<IStartupTask> tasks,
    ClockSkew skew,
    ILogger<DatabaseInitializer> logger
)
{
    /// <exception cref="ClockSkewException">The clock differs too much from the database's.</exception>
    /// <exception cref="SchemaException">The schema does not fit this release.</exception>
    /// <exception cref="StartException">Something else stands in the way, such as master keys that do not open the stored keys.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await skew.MeasureAsync(sources, cancellationToken);
        if (skew.IsTooLarge)
            throw new ClockSkewException(skew.Text);
        if (options.MigrateAtStart)
        {
            foreach (var migration in await migrator.MigrateAsync(cancellationToken))
                Log.Migrated(logger, migration);
        }

        if (await migrator.DifferencesAsync(cancellationToken) is { Count: > 0 } differences)
            throw new SchemaException(differences);
        foreach (var task in tasks.Where(t => t.IsForCommands))
            await task.PrepareAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Applied migration {Migration}")]
        public static partial void Migrated(ILogger logger, string migration);
    }
}
