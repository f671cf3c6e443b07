using Gatehouse.Contracts.Tenants;

namespace Gatehouse.Core.Tenants;

/// <summary>Knows the one tenant of the settings.</summary>
internal sealed class SingleTenantDirectory(TenantOptions options) : ITenantDirectory
{
    /// <summary>The same in every installation, so that data may move between them: a version-7 id of the first millisecond.</summary>
    public static readonly Guid TenantId = new("00000000-0001-7000-8000-000000000001");

    private readonly Tenant tenant = new(TenantId, options.Name, options.DisplayName);

    public ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(name == tenant.Name ? tenant : null);

    // No host name is verified as anybody's: the only tenant answers on all of them.
    public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

    public ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(tenant);

    public ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(id == tenant.Id ? tenant : null);
}
