using Gatehouse.Contracts.Tenants;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Two populations, told apart by the header <c>Gatehouse-Tenant</c>.</summary>
internal sealed class TwoTenants : ITenantDirectory
{
    private static readonly Tenant[] All =
    [
        new(new Guid("00000000-0001-7000-8000-00000000000a"), "red", "Red"),
        new(new Guid("00000000-0001-7000-8000-00000000000b"), "blue", "Blue"),
    ];

    public static (string Name, string Value) Red => ("Gatehouse-Tenant", "red");

    public static (string Name, string Value) Blue => ("Gatehouse-Tenant", "blue");

    public ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Array.Find(All, t => t.Name == name));

    public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

    public ValueTask<Tenant?> FindDefaultAsync(string host, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

    public ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

    public ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Array.Find(All, t => t.Id == id));
}
