using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>An assignment as it is stored, with the organization in which it counts.</summary>
internal sealed class GivenRole
{
    public Guid UserId { get; init; }

    public Guid RoleId { get; init; }

    /// <summary>Null: by a command.</summary>
    public Guid? AssignedBy { get; init; }

    public DateTimeOffset AssignedAt { get; init; }

    public Guid? HomeId { get; init; }

    public string? HomeName { get; init; }

    public string? HomeCode { get; init; }

    public bool HomeIsActive { get; init; }

    /// <summary>Null: in the whole tenant.</summary>
    public OrganizationLink? Organization =>
        HomeId is { } id
            ? new OrganizationLink(id)
            {
                Name = HomeName!,
                Code = HomeCode!,
                IsActive = HomeIsActive,
            }
            : null;

    /// <summary>What the users were given, in the order of assignment; in organizations that are not active, too.</summary>
    /// <param name="visible">Only in these organizations; null for all and the whole tenant.</param>
    /// <param name="role">Only this role; null for all.</param>
    public static Task<IReadOnlyList<GivenRole>> ListAsync(DbSession db, Guid tenant, Guid[] users, Guid[]? visible, Guid? role = null) =>
        db.ListAsync<GivenRole>(
            """
            select a.user_id, a.role_id, a.assigned_by, a.assigned_at,
                   o.id as home_id, o.name as home_name, o.code as home_code, coalesce(o.state = 'active', false) as home_is_active
              from organizations.role_assignments a
              left join organizations.organizations o on o.tenant_id = a.tenant_id and o.id = a.organization_id
             where a.tenant_id = @tenant and a.user_id = any(@users) and (@role::uuid is null or a.role_id = @role)
               and (@visible::uuid[] is null or a.organization_id = any(@visible))
             order by a.assigned_at, a.role_id, a.organization_id
            """,
            new
            {
                tenant,
                users,
                visible,
                role,
            }
        );
}
