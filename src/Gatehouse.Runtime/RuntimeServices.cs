using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Health;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Messaging;
using Gatehouse.Runtime.Settings;
using Gatehouse.Runtime.Startup;
using Gatehouse.Runtime.Telemetry;
using Gatehouse.Runtime.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Runtime;

/// <summary>What every module stands on.</summary>
public static class RuntimeServices
{
    public static IServiceCollection AddGatehouseRuntime(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<HttpOptions>(configuration, "Http");
        services.AddSettings<DatabaseOptions>(configuration, "Database");
        services.AddSettings<KeyOptions>(configuration, "Keys");
        services.AddSettings<MessagingOptions>(configuration, "Messaging");
        services.AddSettings<TenantOptions>(configuration, "Tenant");
        services.AddGatehouseHttp(configuration);
        services.AddGatehouseAuthentication();
        services.AddGatehouseTelemetry(configuration);
        services.AddRequests(HttpJson.Default);

        services.AddSingleton<DataSources>();
        services.AddSingleton<Partitions>();
        services.AddSingleton<LogEpoch>();
        services.AddSingleton<Database>();
        services.AddSingleton<ClockSkew>();
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<Migrator>();
        services.AddSingleton(MigrationSet.FromResources("runtime", MigrationTarget.Main, typeof(RuntimeServices).Assembly, "Data/Migrations/"));
        services.AddSingleton(MigrationSet.FromResources("keys", MigrationTarget.Keys, typeof(RuntimeServices).Assembly, "Keys/Migrations/"));

        services.AddSingleton<MasterKeys>();
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<SubjectKeys>();
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<BlindIndex>();
        services.AddKeyStoreDataProtection();
        services.AddSingleton<IPersonKeys, LocalPersonKeys>();
        services.AddSingleton<ITenantDirectory, SingleTenantDirectory>();
        services.AddSingleton<IIdempotencyStore, IdempotencyStore>();
        services.AddSingleton(provider => new IdempotencyFingerprint(() => provider.GetRequiredService<ServerKeys>().Get(ServerKeys.Idempotency)));

        services.AddSingleton<Node>();
        services.AddSingleton<Ready>();
        services.AddSingleton<Wake>();
        services.AddSingleton<Lanes>();
        services.AddSingleton<Inbox>();
        services.AddSingleton<ICarrier, InProcessCarrier>();
        services.AddMeter(MessagingMetrics.MeterName).AddSingleton<MessagingMetrics>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<Doctor>();
        services.AddSingleton<Preparation>();
        services.AddSingleton<StartUpFailure>();

        services.AddSingleton<Draining>().AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddHostedService<StartUp>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseWatch>());
        services.AddHostedService<LogPump>();
        services.AddHostedService<RetryPump>();
        services.AddHostedService<WakeBetweenNodes>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<Scheduler>();
        services.AddHostedService<BacklogGauges>();
        services.AddRecurring<Housekeeping>("runtime.housekeeping", TimeSpan.FromHours(1));
        return services;
    }
}
