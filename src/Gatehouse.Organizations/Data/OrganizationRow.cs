using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>An organization as it is stored.</summary>
internal sealed class OrganizationRow
{
    public const string Active = "active";
    public const string Inactive = "inactive";

    public const string Columns = "id, code, name, description, state, inactive_reason, version, created_at, updated_at";

    public Guid Id { get; init; }

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>What an administrator wrote when it was deactivated; null where nobody did.</summary>
    public string? InactiveReason { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public static Task<OrganizationRow?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<OrganizationRow>(
            $"select {Columns} from organizations.organizations where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    public static Task<OrganizationRow?> FindByCodeAsync(DbSession db, Guid tenant, string code) =>
        db.FirstOrDefaultAsync<OrganizationRow>(
            $"select {Columns} from organizations.organizations where tenant_id = @tenant and code = @code",
            new { tenant, code }
        );

    public static Task<IReadOnlyList<OrganizationRow>> ListAsync(DbSession db, Guid tenant, Guid[] ids) =>
        db.ListAsync<OrganizationRow>(
            $"select {Columns} from organizations.organizations where tenant_id = @tenant and id = any(@ids)",
            new { tenant, ids }
        );

    /// <summary>The newest active ones.</summary>
    /// <param name="visible">Only these; null for all.</param>
    public static Task<IReadOnlyList<OrganizationRow>> NewestAsync(DbSession db, Guid tenant, IReadOnlySet<Guid>? visible, int limit) =>
        db.ListAsync<OrganizationRow>(
            $"""
            select {Columns} from organizations.organizations
             where tenant_id = @tenant and state = 'active' and (@visible::uuid[] is null or id = any(@visible))
             order by id desc limit @limit
            """,
            new
            {
                tenant,
                visible = visible?.ToArray(),
                limit,
            }
        );

    /// <summary>The same; nobody else changes it until the transaction ends.</summary>
    public static Task<OrganizationRow?> LockAsync(Transaction tx, Guid tenant, Guid id) =>
        tx.FirstOrDefaultAsync<OrganizationRow>(
            $"select {Columns} from organizations.organizations where tenant_id = @tenant and id = @id for update",
            new { tenant, id }
        );

    /// <summary>Whether there is such an organization and it is active; if so, it stays so until the transaction ends.</summary>
    public static async Task<bool> HoldActiveAsync(Transaction tx, Guid tenant, Guid id) =>
        await tx.FirstOrDefaultAsync<int?>(
            "select 1 from organizations.organizations where tenant_id = @tenant and id = @id and state = 'active' for share",
            new { tenant, id }
        )
            is not null;
}
