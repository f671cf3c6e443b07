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
/// Ends what roles in an organization allow, at once. Members and roles stay, for its reactivation; the members' sessions in it end, by the
/// events of the members.
/// <para>Publishes <c>organization.deactivated.v1</c> and, by a job, <c>user.roles-changed.v1</c> for every member.</para>
/// </summary>
internal static class DeactivateOrganization
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/organizations/{id:guid}/deactivate",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, reason: null, http.Actor(), http.RequestAborted)).ToResult(row => http.Tagged(row))
            )
            .WithName(nameof(DeactivateOrganization))
            .WithSummary("Deactivate an organization")
            .WithDescription(
                "Roles there count for nothing until it is reactivated; members stay. Sessions whose current organization it is end. "
                    + "Who belongs to no other active organization, and has no role in the whole tenant, cannot sign in until then. "
                    + "Repeating it changes nothing."
            )
            .Produces<OrganizationView>()
            .RequirePermission(StructureArea.CreateOrganizations)
            .RequireFresh();

    internal sealed class Handler(Database database)
    {
        /// <param name="reason">For administrators, in plain text: it is about the organization. It stands in no record.</param>
        public Task<Outcome<OrganizationRow>> HandleAsync(Guid id, string? reason, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync(
                "organization.deactivate",
                tx =>
                    StateChange.ApplyAsync(
                        tx,
                        id,
                        new StateChange(OrganizationRow.Inactive, AuditRecord.Of(actor, "organization.deactivated")) { Reason = reason },
                        () => tx.Publish(actor.Tenant.Id, id, new OrganizationDeactivatedV1 { OrganizationId = id }),
                        actor
                    ),
                cancellationToken
            );
    }
}
