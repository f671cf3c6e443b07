using Gatehouse.Contracts.PersonalData;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Encryption;

/// <summary>The key store and what is encrypted with its keys.</summary>
public static class EncryptionServices
{
    public static IServiceCollection AddGatehouseEncryption(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<KeyOptions>(configuration, "Keys");
        services.AddSingleton(MigrationSet.FromResources("keys", MigrationTarget.Keys, typeof(EncryptionServices).Assembly, "Migrations/"));
        services.AddSingleton<MasterKeys>();
        services.AddSingleton<ServerKeys>().AddStartupTask<ServerKeys>();
        services.AddSingleton(WrappedKeyTable.ByText("keys.server_keys", "(name || '|' || version)", ServerKeys.Purpose));
        services.AddSingleton(WrappedKeyTable.ByText(SigningAlgorithm.Es256.Table, "kid", SigningKeyStore.Purpose));
        services.AddSingleton(WrappedKeyTable.ByText(SigningAlgorithm.Rs256.Table, "kid", SigningKeyStore.Purpose));
        services.AddSingleton(WrappedKeyTable.ByGuid("keys.subject_keys", "subject_id", SubjectKeys.Purpose));
        services.AddSingleton<WrappedKeys>().AddStartupTask<WrappedKeys>();
        services.AddSingleton<RewrapKeys>();
        services.AddSingleton<SubjectKeys>();
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<BlindIndex>().AddStoredValue<BlindIndexEntry, byte[]>();
        services.AddSingleton<IUserKeys, LocalUserKeys>();
        services.AddRecurring<DestroyExpiredKeys>("keys.destroy-expired", TimeSpan.FromHours(1));
        return services;
    }
}
