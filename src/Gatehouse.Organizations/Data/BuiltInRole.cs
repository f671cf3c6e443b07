using Gatehouse.Contracts.Access;

namespace Gatehouse.Organizations.Data;

/// <summary>
/// The roles that every tenant has. What they allow follows from the level of each permission, so a new permission needs no change here.
/// Their ids are the same in every installation.
/// </summary>
internal sealed record BuiltInRole(Guid Id, string Name, AccessLevel Level)
{
    public static readonly BuiltInRole PlatformAdministrator = new(
        new Guid("00000000-0002-7000-8000-000000000001"),
        "platform-administrator",
        AccessLevel.Platform
    );

    public static readonly BuiltInRole TenantAdministrator = new(
        new Guid("00000000-0002-7000-8000-000000000002"),
        "tenant-administrator",
        AccessLevel.Tenant
    );

    public static readonly BuiltInRole OrganizationAdministrator = new(
        new Guid("00000000-0002-7000-8000-000000000003"),
        "organization-administrator",
        AccessLevel.Organization
    );

    public static IReadOnlyList<BuiltInRole> All { get; } = [PlatformAdministrator, TenantAdministrator, OrganizationAdministrator];

    public static BuiltInRole? Find(Guid id) => All.FirstOrDefault(r => r.Id == id);
}
