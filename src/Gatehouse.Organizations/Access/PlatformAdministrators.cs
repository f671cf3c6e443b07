using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Platform administrators as the assignments say.</summary>
internal sealed class PlatformAdministrators(Roles roles) : IPlatformAdministrators
{
    private static readonly BuiltInRole Role = BuiltInRole.PlatformAdministrator;

    // By tenant, for the index.
    public Task<bool> ExistAsync(DbSession db) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from organizations.tenants t
                             join organizations.role_assignments a on a.tenant_id = t.id and a.role_id = @Id)
            """,
            new { Role.Id }
        );

    public async Task AppointAsync(Transaction tx, Guid user, Actor actor)
    {
        var assignment = new Assignment(user, Role.Id, OrganizationId: null);
        var role = await roles.FindAsync(tx, actor.Tenant.Id, Role.Id);
        if (await assignment.InsertAsync(tx, actor.Tenant.Id, by: null))
            tx.Record(assignment.Describe(AuditRecord.Of(actor, "role.assigned"), role!));
    }
}
