using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>An own role as it is stored.</summary>
internal sealed class RoleRow
{
    public const string Columns = "id, organization_id, name, labels::text as labels, permissions, version, created_at, updated_at";

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>JSON: what people read, by language.</summary>
    public string Labels { get; init; } = "{}";

    public string[] Permissions { get; init; } = [];

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public Guid? Where => OrganizationId == Roles.WholeTenant ? null : OrganizationId;

    public AccessLevel Level => Where is null ? AccessLevel.Tenant : AccessLevel.Organization;

    public static Task<RoleRow?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<RoleRow>(
            $"select {Columns} from organizations.roles where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    /// <summary>All of the tenant and its organizations.</summary>
    public static Task<IReadOnlyList<RoleRow>> ListAsync(DbSession db, Guid tenant) =>
        db.ListAsync<RoleRow>($"select {Columns} from organizations.roles where tenant_id = @tenant", new { tenant });

    /// <summary>Those of them that are own roles.</summary>
    public static Task<IReadOnlyList<RoleRow>> ListAsync(DbSession db, Guid tenant, Guid[] ids) =>
        db.ListAsync<RoleRow>(
            $"select {Columns} from organizations.roles where tenant_id = @tenant and id = any(@ids)",
            new { tenant, ids }
        );

    /// <summary>The same; nobody else changes or assigns it until the transaction ends.</summary>
    public static Task<RoleRow?> LockAsync(Transaction tx, Guid tenant, Guid id) =>
        tx.FirstOrDefaultAsync<RoleRow>(
            $"select {Columns} from organizations.roles where tenant_id = @tenant and id = @id for update",
            new { tenant, id }
        );

    public Role ToRole(PermissionSet known) =>
        new()
        {
            Id = Id,
            Name = Name,
            Level = Level,
            OrganizationId = Where,
            Permissions = known.HeldAt(Level, Permissions),
        };
}
