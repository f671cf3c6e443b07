using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Organizations.Data;

/// <summary>A role of a user, in one organization or in the whole tenant.</summary>
internal sealed record Assignment(Guid UserId, Guid RoleId, Guid? OrganizationId)
{
    /// <summary>Gives the user the role and, with an organization, the membership; and publishes that, if something is new.</summary>
    /// <param name="by">Who assigns it; null for a command.</param>
    /// <returns>Whether something is new.</returns>
    public async Task<bool> InsertAsync(Transaction tx, Guid tenant, Guid? by)
    {
        await Memberships.LockAsync(tx, UserId);
        var inserted = await tx.ExecuteAsync(
            """
            insert into organizations.role_assignments (tenant_id, user_id, role_id, organization_id, assigned_by, assigned_at)
            values (@tenant, @UserId, @RoleId, @where, @by, @Now) on conflict do nothing
            """,
            new
            {
                tenant,
                UserId,
                RoleId,
                where = OrganizationId ?? Roles.WholeTenant,
                by,
                tx.Now,
            }
        );
        var joined = OrganizationId is { } home && await Memberships.JoinAsync(tx, tenant, home, UserId);
        if (inserted == 0 && !joined)
            return false;
        await Memberships.PublishAsync(tx, tenant, UserId);
        return true;
    }

    public AuditRecord Describe(AuditRecord record, Role role)
    {
        var described = (record with { Subject = UserId }).WithFact("role", role.Name);
        return OrganizationId is { } organization ? described.WithFact("organization", organization.ToString()) : described;
    }
}
