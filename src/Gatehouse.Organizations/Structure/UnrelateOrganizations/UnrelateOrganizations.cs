using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Ends the relation of two organizations, on both sides.
/// <para>Publishes <c>organization.related-changed.v1</c> for each side if something is new.</para>
/// </summary>
internal static class UnrelateOrganizations
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/organizations/{id:guid}/related/{otherId:guid}",
                async (Guid id, Guid otherId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, otherId, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(UnrelateOrganizations))
            .WithSummary("Unrelate organizations")
            .WithDescription("Neither is related to the other any longer. Repeating it changes nothing.")
            .Produces(204)
            .ProducesProblems(422)
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, Guid other, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "organization.unrelate",
                async tx =>
                {
                    if (await RelatedOrganizations.LockAsync(tx, actor, id, other) is { } rejected)
                        return rejected;
                    var changed = await tx.ExecuteAsync(
                        """
                        delete from organizations.related_organizations
                         where tenant_id = @tenant
                           and ((organization_id = @id and related_id = @other) or (organization_id = @other and related_id = @id))
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            other,
                            tx.Now,
                        }
                    );
                    if (changed == 0)
                        return false;
                    RelatedOrganizations.Publish(tx, actor.Tenant.Id, id, other, isAdded: false);
                    tx.Record(AuditRecord.Of(actor, "organization.unrelated").Between(id, other));
                    return true;
                },
                cancellationToken
            );
    }
}
