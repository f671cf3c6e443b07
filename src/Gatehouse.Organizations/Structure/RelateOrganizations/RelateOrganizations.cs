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
/// Relates two organizations of the tenant to each other.
/// <para>Publishes <c>organization.related-changed.v1</c> for each side if something is new.</para>
/// </summary>
internal static class RelateOrganizations
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/organizations/{id:guid}/related/{otherId:guid}",
                async (Guid id, Guid otherId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, otherId, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RelateOrganizations))
            .WithSummary("Relate organizations")
            .WithDescription("Both are related to each other. Repeating it changes nothing.")
            .Produces(204)
            .ProducesProblems(422)
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, Guid other, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "organization.relate",
                async tx =>
                {
                    if (await RelatedOrganizations.LockAsync(tx, actor, id, other) is { } rejected)
                        return rejected;
                    var changed = await tx.ExecuteAsync(
                        """
                        insert into organizations.related_organizations (tenant_id, organization_id, related_id, created_at)
                        values (@tenant, @id, @other, @Now), (@tenant, @other, @id, @Now) on conflict do nothing
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
                    RelatedOrganizations.Publish(tx, actor.Tenant.Id, id, other, isAdded: true);
                    tx.Record(AuditRecord.Of(actor, "organization.related").Between(id, other));
                    return true;
                },
                cancellationToken
            );
    }
}
