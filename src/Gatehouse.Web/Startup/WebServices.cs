using Gatehouse.Core;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Messaging.Transports.Kafka;
using Gatehouse.Web.Admin;
using Gatehouse.Web.DataProtection;
using Gatehouse.Web.Events;
using Gatehouse.Web.Files;
using Gatehouse.Web.Health;
using Gatehouse.Web.Jobs;
using Gatehouse.Web.Operations;
using Gatehouse.Web.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Startup;

/// <summary>What every module stands on.</summary>
public static class WebServices
{
    /// <param name="hasKeys">Whether this process holds the users' keys; without them it serves no operation that needs any.</param>
    public static IServiceCollection AddGatehouseFoundation(this IServiceCollection services, IConfiguration configuration, bool hasKeys)
    {
        services.AddSettings<HttpOptions>(configuration, "Http");
        services.AddGatehouseHttp(configuration);
        services.AddGatehouseAuthentication();
        services.AddGatehousePages();
        services.AddGatehouseConsole();
        services.AddRequests(HttpJson.Default).AddRequests(HealthJson.Default);
        services.AddGatehouseCore(configuration, hasKeys);
        if (hasKeys)
            services.AddKeys(configuration);
        else
            services.AddPassingDataProtection();
        services.AddFiles(configuration);
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<Doctor>();

        services.AddSingleton<Draining>().AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddGatehouseStart();
        services.AddGatehouseMessaging(configuration);
        services.AddEventReplay();
        services.AddOperationEndpoints(configuration);
        services.AddJobEndpoints();
        if (SettingsCatalog.Read<KafkaOptions>(configuration, "Kafka").Servers.Length > 0)
            services.AddSingleton<IInstallationCheck, KafkaCheck>();
        return services;
    }

    /// <summary>What rests on the key store.</summary>
    private static void AddKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddGatehouseEncryption(configuration);
        services.AddKeyStoreDataProtection();
        services.AddLocalFiles();
        services.AddSingleton<IIdempotencyStore, IdempotencyStore>();
        services.AddSingleton(provider => new IdempotencyFingerprint(() =>
            provider.GetRequiredService<ServerKeys>().Get(ServerKeys.Idempotency)
        ));
        services.AddRecurring<PurgeIdempotencyKeys>("web.purge-idempotency-keys", TimeSpan.FromHours(1));
    }
}
