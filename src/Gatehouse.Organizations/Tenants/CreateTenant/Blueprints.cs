using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Tenants that new ones are made like. They share nothing afterwards.</summary>
internal sealed class Blueprints(KnownPermissions permissions, TenantOptions options)
{
    public const string Unknown = "organizations.blueprint-unknown";

    /// <summary>Its state and settings stay as they are until the transaction ends.</summary>
    public Task<TenantRow?> FindAsync(Transaction tx, string name) =>
        tx.FirstOrDefaultAsync<TenantRow>(
            $"""
            select {TenantRow.Columns} from organizations.tenants
             where (id = @Id) = @isFirst and (@isFirst or name = @name)
               for share
            """,
            new
            {
                DefaultTenant.Id,
                name,
                // The name of the first tenant is a setting.
                isFirst = name == options.Name,
            }
        );

    /// <summary>Copies the roles of the whole tenant, under new ids. Those of its organizations belong to these.</summary>
    public async Task CopyRolesAsync(Transaction tx, Guid from, Guid to, Actor actor)
    {
        var roles = await tx.ListAsync<RoleRow>(
            $"""
            select {RoleRow.Columns} from organizations.roles
             where tenant_id = @from and organization_id = @WholeTenant
             order by id
               for share
            """,
            new { from, Roles.WholeTenant }
        );
        // No permission is deleted before the new roles are there to be seen.
        await permissions.HoldAsync(tx, [.. roles.SelectMany(role => role.Permissions).Distinct(StringComparer.Ordinal)]);
        foreach (var role in roles)
            await CopyAsync(tx, role, from, to, actor);
    }

    private static async Task CopyAsync(Transaction tx, RoleRow role, Guid from, Guid to, Actor actor)
    {
        var id = Guid.CreateVersion7(tx.Now);
        await tx.ExecuteAsync(
            """
            insert into organizations.roles (tenant_id, id, organization_id, name, labels, permissions, created_at, updated_at)
            values (@to, @id, @WholeTenant, @Name, @Labels::jsonb, @Permissions, @Now, @Now)
            """,
            new
            {
                to,
                id,
                Roles.WholeTenant,
                role.Name,
                role.Labels,
                role.Permissions,
                tx.Now,
            }
        );
        await tx.ExecuteAsync(
            """
            insert into organizations.role_registrations (tenant_id, role_id, state, required_fields, minimum_age, verification,
                early_sign_in, introduction, updated_at)
            select @to, @id, state, required_fields, minimum_age, verification, early_sign_in, introduction, @Now
              from organizations.role_registrations where tenant_id = @from and role_id = @roleId
            """,
            new
            {
                from,
                roleId = role.Id,
                to,
                id,
                tx.Now,
            }
        );
        tx.Publish(
            to,
            id,
            new RoleCreatedV1
            {
                RoleId = id,
                Name = role.Name,
                Labels = RoleViews.Labels(role),
                Permissions = role.Permissions,
            }
        );
        tx.Record((AuditRecord.Of(actor, "role.created") with { TenantId = to }).Of(role));
    }
}
