using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Placement;

/// <summary>Takes a registration code from an organization. Members stay; it may be added again, also elsewhere.</summary>
internal static class RemoveRegistrationCode
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/organizations/{id:guid}/registration-codes/{code}",
                async (Guid id, string code, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, code, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveRegistrationCode))
            .WithSummary("Remove a registration code")
            .WithDescription("Members stay. Repeating it changes nothing.")
            .Produces(204)
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, string typed, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "registration-code.remove",
                async tx =>
                {
                    if (await VisibleOrganization.LockAsync(tx, actor, id, StructureArea.WriteOrganizations) is null)
                        return AccessErrors.OrganizationNotFound;
                    var deleted = await tx.ExecuteAsync(
                        """
                        delete from organizations.registration_codes
                         where tenant_id = @tenant and organization_id = @id and code = @value
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            value = typed.ToLowerInvariant(),
                        }
                    );
                    if (deleted > 0)
                        tx.Record(AuditRecord.Of(actor, "registration-code.removed").WithFact("organization", id.ToString()));
                    return deleted > 0;
                },
                cancellationToken
            );
    }
}
