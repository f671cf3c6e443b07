using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Organizations.Data;
using Gatehouse.Organizations.Tenants;

namespace Gatehouse.Server.Seeding;

/// <summary>A tenant of the file beside what is stored of it.</summary>
internal sealed class TenantContext
{
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required SeedTenant Wanted { get; init; }

    /// <summary>Null for one that is to be created.</summary>
    public required Tenant? Stored { get; init; }

    public required TenantSnapshot Snapshot { get; init; }

    public required PermissionSet Permissions { get; init; }

    /// <summary>Whether a permission is one of Gatehouse itself.</summary>
    public required Func<string, bool> IsDeclared { get; init; }

    public bool HasOrganization(string code) =>
        Snapshot.Organizations.ContainsKey(code)
        || Wanted.Organizations?.Any(o => o.Code == code) == true
        || (Stored is null && code == CreateTenant.FirstOrganization);

    public Guid? OrganizationId(string code) => Snapshot.Organizations.GetValueOrDefault(code)?.Id;

    /// <summary>The role that counts there, stored or to be created; null if there is none.</summary>
    /// <param name="organization">A code; null for the whole tenant.</param>
    public FoundSeedRole? FindRole(string name, string? organization)
    {
        if (BuiltInRole.All.FirstOrDefault(role => role.Name == name) is { } builtIn)
            return builtIn.Level == AccessLevel.Organization == organization is not null ? new FoundSeedRole(builtIn.Id) : null;
        var home = organization is null ? null : OrganizationId(organization);
        var stored = Snapshot.Roles.FirstOrDefault(role => role.Name == name && (role.Where is null || role.Where == home));
        if (stored is not null)
            return new FoundSeedRole(stored.Id);
        var own = Wanted.Organizations?.Where(o => organization is not null && o.Code == organization).SelectMany(o => o.Roles ?? []);
        return (Wanted.Roles ?? []).Concat(own ?? []).Any(role => role.Name == name) ? new FoundSeedRole(Id: null) : null;
    }
}

/// <param name="Id">Null for one that is to be created.</param>
internal sealed record FoundSeedRole(Guid? Id);
