using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Keys;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Runtime.Startup;

/// <summary>
/// What must hold before anything works with the databases, a node or a command: schema up to date and verified, keys opened, log opened,
/// partitions there.
/// </summary>
public sealed partial class Preparation(
    DatabaseOptions options, DataSources sources, Migrator migrator, ServerKeys serverKeys, LogEpoch epoch, Partitions partitions, ClockSkew skew,
    TimeProvider clock, ILogger<Preparation> logger)
{
    /// <exception cref="ClockSkewException">The clock differs too much from the database's.</exception>
    /// <exception cref="SchemaException">The schema does not fit this release.</exception>
    /// <exception cref="MasterKeyException">The master keys do not open the stored keys.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await skew.MeasureAsync(sources, cancellationToken);
        if (skew.IsTooLarge) throw new ClockSkewException(skew.Text);
        if (options.MigrateAtStart)
        {
            foreach (var migration in await migrator.MigrateAsync(cancellationToken)) Log.Migrated(logger, migration);
        }

        if (await migrator.DifferencesAsync(cancellationToken) is { Count: > 0 } differences) throw new SchemaException(differences);
        await serverKeys.LoadAsync(cancellationToken);
        await epoch.OpenAsync(cancellationToken);
        await partitions.EnsureAsync(clock.GetUtcNow(), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Applied migration {Migration}")]
        public static partial void Migrated(ILogger logger, string migration);
    }
}
