using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Gatehouse.Core.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Core;

/// <summary>Databases, tenants, telemetry, and the start.</summary>
public static class CoreServices
{
    public static IServiceCollection AddGatehouseCore(this IServiceCollection services, IConfiguration configuration, bool hasKeys)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<DatabaseOptions>(configuration, "Database");
        services.AddSettings<TenantOptions>(configuration, "Tenant");
        services.AddGatehouseTelemetry(configuration);

        services.AddSingleton(new KeyStorePresence(hasKeys));
        services.AddSingleton<DataSources>();
        services.AddSingleton<ClockSkew>();
        services.AddSingleton<DatabaseOutage>();
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<Migrator>();
        services.AddUndistributedTables(new() { Local = ["gatehouse.migrations"] });
        services.AddSingleton<TablePartitions>();
        services.AddSingleton<LogEpoch>();
        services.AddSingleton<Database>();
        services.AddRedis(configuration);

        services.AddSingleton<ReadinessGate>();
        services.AddSingleton<DatabaseInitializer>();
        services.AddSingleton<StartupStatus>();
        return services;
    }

    /// <summary>What runs in a node, after the services that must see a stop first, and before all that works with the databases.</summary>
    public static IServiceCollection AddGatehouseStart(this IServiceCollection services)
    {
        services.AddStartupTask<LogEpoch>();
        services.AddStartupTask<TablePartitions>();
        services.AddHostedService<StartupService>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseWatch>());
        return services;
    }

    private static void AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RedisOptions>(configuration, "Redis");
        services.AddSingleton<RedisConnection>();
        if (SettingsCatalog.Read<RedisOptions>(configuration, "Redis").Servers.Length > 0)
            services.AddHealthDetail<RedisConnection>().AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
    }
}
