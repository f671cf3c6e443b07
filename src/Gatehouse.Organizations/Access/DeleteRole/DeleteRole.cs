using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Deletes a role that nobody has and nobody asks for. Whoever assigns it holds it meanwhile, so it cannot vanish under an assignment.
/// <para>Publishes <c>role.deleted.v1</c>.</para>
/// </summary>
internal static class DeleteRole
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/roles/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DeleteRole))
            .WithSummary("Delete a role")
            .WithDescription("A role that somebody has, or that an open request asks for, is not deleted.")
            .Produces(204)
            .ProducesProblems(403, 409)
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .RequireFresh();

    internal sealed class Handler(Database database, KnownPermissions permissions)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "role.delete",
                async tx =>
                {
                    var tenant = actor.Tenant.Id;
                    var record = AuditRecord.Of(actor, "role.deleted");
                    var locked = await RoleRules.LockAsync(tx, actor, id, await permissions.ReadAsync(tx), record);
                    if (locked.Error is { } error)
                        return error;
                    var deleted = await tx.ExecuteAsync(
                        """
                        delete from organizations.roles
                         where tenant_id = @tenant and id = @id
                           and not exists (select 1 from organizations.role_assignments where tenant_id = @tenant and role_id = @id)
                           and not exists (
                               select 1 from organizations.role_requests
                                where tenant_id = @tenant and role_id = @id and state in ('requested', 'under-review'))
                        """,
                        new { tenant, id }
                    );
                    if (deleted == 0)
                        return RoleErrors.InUse;
                    await RoleRegistrationRow.DeleteAsync(tx, tenant, id);
                    var row = locked.Value;
                    tx.Publish(
                        tenant,
                        id,
                        new RoleDeletedV1
                        {
                            RoleId = id,
                            OrganizationId = row.Where,
                            Name = row.Name,
                        }
                    );
                    tx.Record(record.Of(row));
                    return true;
                },
                cancellationToken
            );
    }
}
