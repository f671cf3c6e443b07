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

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Lets an organization take part again: members and roles count as before.
/// <para>Publishes <c>organization.reactivated.v1</c> and, by a job, <c>user.roles-changed.v1</c> for every member.</para>
/// </summary>
internal static class ReactivateOrganization
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/organizations/{id:guid}/reactivate",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row => http.Tagged(row))
            )
            .WithName(nameof(ReactivateOrganization))
            .WithSummary("Reactivate an organization")
            .WithDescription("Members and roles count as before. Repeating it changes nothing.")
            .Produces<OrganizationView>()
            .RequirePermission(StructureArea.CreateOrganizations);

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<OrganizationRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync(
                "organization.reactivate",
                tx =>
                    StateChange.ApplyAsync(
                        tx,
                        id,
                        new StateChange(OrganizationRow.Active, AuditRecord.Of(actor, "organization.reactivated")),
                        () => tx.Publish(actor.Tenant.Id, id, new OrganizationReactivatedV1 { OrganizationId = id }),
                        actor
                    ),
                cancellationToken
            );
    }
}
