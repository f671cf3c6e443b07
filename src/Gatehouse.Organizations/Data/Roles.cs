using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

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
internal sealed class Roles(KnownPermissions permissions)
{
    /// <summary>The column value of <c>organization_id</c> that means the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public async Task<Role?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        BuiltInRole.Find(id) is { } builtIn ? Of(builtIn, await permissions.ReadAsync(db))
        : await RoleRow.FindAsync(db, tenant, id) is { } row ? row.ToRole(await permissions.ReadAsync(db))
        : null;

    /// <summary>The same; nobody changes or deletes it until the transaction ends.</summary>
    public async Task<Role?> HoldAsync(Transaction tx, Guid tenant, Guid id)
    {
        await tx.ExecuteAsync("select 1 from organizations.roles where tenant_id = @tenant and id = @id for share", new { tenant, id });
        return await FindAsync(tx, tenant, id);
    }

    public static Role Of(BuiltInRole role, PermissionSet known) =>
        new()
        {
            Id = role.Id,
            Name = role.Name,
            Level = role.Level,
            Permissions = known.HeldAt(role.Level),
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
        if (rows.Count == 0)
            return UserAccess.None;
        var known = await permissions.ReadAsync(db);
        return new UserAccess([.. rows.Select(row => Grant(row, known)).OfType<RoleGrant>()]);
    }

    private static RoleGrant? Grant(AssignmentRow row, PermissionSet known)
    {
        var organization = row.OrganizationId == WholeTenant ? (Guid?)null : row.OrganizationId;
        if (BuiltInRole.Find(row.RoleId) is { } builtIn)
            return new RoleGrant
            {
                RoleId = builtIn.Id,
                Role = builtIn.Name,
                Level = builtIn.Level,
                OrganizationId = organization,
                Permissions = known.HeldAt(builtIn.Level),
            };
        var level = organization is null ? AccessLevel.Tenant : AccessLevel.Organization;
        return row.Name is null
            ? null
            : new RoleGrant
            {
                RoleId = row.RoleId,
                Role = row.Name,
                Level = level,
                OrganizationId = organization,
                Permissions = known.HeldAt(level, row.Permissions!),
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
