using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Shows an organization.</summary>
internal static class GetOrganization
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                {
                    http.AcceptPatch();
                    return (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row => http.Tagged(row));
                }
            )
            .WithName(nameof(GetOrganization))
            .WithSummary("Get an organization")
            .WithDescription("Its ETag may be sent as If-Match with a change.")
            .Produces<OrganizationView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<OrganizationRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await database.QueryAsync(
                db => VisibleOrganization.FindAsync(db, actor, id, StructureArea.ReadOrganizations),
                cancellationToken
            )
                is { } row
                ? row
                : AccessErrors.OrganizationNotFound;
    }
}
