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

/// <summary>Takes an e-mail domain from an organization. Members stay; it may be added again, also elsewhere.</summary>
internal static class RemoveEmailDomain
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/organizations/{id:guid}/domains/{domain}",
                async (Guid id, string domain, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, domain, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveEmailDomain))
            .WithSummary("Remove an e-mail domain")
            .WithDescription("Members stay. Repeating it changes nothing.")
            .Produces(204)
            .RequirePermission(PlacementArea.WriteEmailDomains);

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, string typed, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "email-domain.remove",
                async tx =>
                {
                    if (await VisibleOrganization.LockAsync(tx, actor, id, PlacementArea.WriteEmailDomains) is null)
                        return AccessErrors.OrganizationNotFound;
                    var deleted = await tx.ExecuteAsync(
                        """
                        delete from organizations.email_domains
                         where tenant_id = @tenant and organization_id = @id and domain = @value
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            value = PlacementInput.CanonicalDomain(typed),
                        }
                    );
                    if (deleted > 0)
                        tx.Record(AuditRecord.Of(actor, "email-domain.removed").WithFact("organization", id.ToString()));
                    return deleted > 0;
                },
                cancellationToken
            );
    }
}
