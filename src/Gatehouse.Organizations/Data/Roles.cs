using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Web.Modules;

namespace Gatehouse.Organizations.Data;

/// <summary>A role: a built-in one, or one of the tenant.</summary>
internal sealed record Role
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>How far an assignment without an organization reaches.</summary>
    public required AccessLevel Level { get; init; }

    /// <summary>The organization it belongs to; null if it belongs to the tenant.</summary>
    public Guid? OrganizationId { get; init; }

    public required IReadOnlySet<string> Permissions { get; init; }

    public bool IsBuiltIn => BuiltInRole.Find(Id) is not null;
}

/// <summary>The roles of tenants.</summary>
internal sealed class Roles(PermissionCatalog catalog)
{
    /// <summary>The column value of <c>organization_id</c> that means the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public async Task<Role?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        BuiltInRole.Find(id) is { } builtIn ? Of(builtIn)
        : await db.FirstOrDefaultAsync<RoleRow>(
            $"select {RoleRow.Columns} from organizations.roles where tenant_id = @tenant and id = @id",
            new { tenant, id }
        )
            is { } row
            ? row.ToRole()
        : null;

    public Role Of(BuiltInRole role) =>
        new()
        {
            Id = role.Id,
            Name = role.Name,
            Level = role.Level,
            Permissions = catalog.HeldAt(role.Level),
        };

    /// <summary>What the user was assigned, in organizations that are active and in the tenant.</summary>
    public async Task<UserAccess> AccessAsync(DbSession db, Guid tenant, Guid user)
    {
        var rows = await db.ListAsync<AssignmentRow>(
            """
            select a.role_id, a.organization_id, r.name, r.permissions
              from organizations.role_assignments a
              left join organizations.roles r on r.tenant_id = a.tenant_id and r.id = a.role_id
              left join organizations.organizations o on o.tenant_id = a.tenant_id and o.id = a.organization_id
             where a.tenant_id = @tenant and a.user_id = @user and (a.organization_id = @WholeTenant or o.state = 'active')
             order by a.assigned_at, a.role_id, a.organization_id
            """,
            new
            {
                tenant,
                user,
                WholeTenant,
            }
        );
        return rows.Count == 0 ? UserAccess.None : new UserAccess([.. rows.Select(Grant).OfType<RoleGrant>()]);
    }

    private RoleGrant? Grant(AssignmentRow row)
    {
        var organization = row.OrganizationId == WholeTenant ? (Guid?)null : row.OrganizationId;
        if (BuiltInRole.Find(row.RoleId) is { } builtIn)
            return new RoleGrant
            {
                RoleId = builtIn.Id,
                Role = builtIn.Name,
                Level = builtIn.Level,
                OrganizationId = organization,
                Permissions = catalog.HeldAt(builtIn.Level),
            };
        return row.Name is null
            ? null
            : new RoleGrant
            {
                RoleId = row.RoleId,
                Role = row.Name,
                Level = organization is null ? AccessLevel.Tenant : AccessLevel.Organization,
                OrganizationId = organization,
                Permissions = row.Permissions!.ToHashSet(StringComparer.Ordinal),
            };
    }

    private sealed class AssignmentRow
    {
        public Guid RoleId { get; init; }

        public Guid OrganizationId { get; init; }

        public string? Name { get; init; }

        public string[]? Permissions { get; init; }
    }
}

/// <summary>An own role as it is stored.</summary>
internal sealed class RoleRow
{
    public const string Columns = "id, organization_id, name, labels::text as labels, permissions, version, created_at, updated_at";

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Name { get; init; } = "";

    public string Labels { get; init; } = "{}";

    public string[] Permissions { get; init; } = [];

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public Role ToRole() =>
        new()
        {
            Id = Id,
            Name = Name,
            Level = OrganizationId == Roles.WholeTenant ? AccessLevel.Tenant : AccessLevel.Organization,
            OrganizationId = OrganizationId == Roles.WholeTenant ? null : OrganizationId,
            Permissions = Permissions.ToHashSet(StringComparer.Ordinal),
        };
}
