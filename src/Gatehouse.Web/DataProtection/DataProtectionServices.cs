using Gatehouse.Core.Hosting;
using Gatehouse.Encryption;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web.DataProtection;

internal static class DataProtectionServices
{
    /// <summary>Protects what the framework protects for pages with keys of the key store.</summary>
    public static IServiceCollection AddKeyStoreDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("gatehouse");
        services.AddSingleton<DataProtectionKeys>();
        services.AddSingleton(WrappedKeyTable.ByText("keys.data_protection_keys", "name", DataProtectionKeys.Purpose));
        services.AddSingleton<DataProtectionInitializer>().AddStartupTask<DataProtectionInitializer>();
        services.AddHostedService(provider => provider.GetRequiredService<DataProtectionInitializer>());
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = provider.GetRequiredService<DataProtectionKeys>();
            options.AutoGenerateKeys = false;
        }));
        services.RemoveEagerKeyRead();
        return services;
    }

    /// <summary>For a process without a key store: what it protects for a page lives no longer than itself.</summary>
    public static IServiceCollection AddPassingDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("gatehouse").UseEphemeralDataProtectionProvider();
        services.RemoveEagerKeyRead();
        return services;
    }

    /// <summary>The framework's own service would read the keys before there are any. Whoever adds authentication adds it again.</summary>
    public static IServiceCollection RemoveEagerKeyRead(this IServiceCollection services)
    {
        foreach (var eager in services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(eager);
        return services;
    }
}
