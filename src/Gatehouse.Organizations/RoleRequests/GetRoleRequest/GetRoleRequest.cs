using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>Shows a request with its form and comments to who asked and to who may review it.</summary>
internal static class GetRoleRequest
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/role-requests/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(view => TypedResults.Json(view))
            )
            .WithName(nameof(GetRoleRequest))
            .WithSummary("Get a role request")
            .WithDescription("An own one, or one of an organization or tenant in which the actor holds role-requests:review.")
            .Produces<RoleRequestView>()
            .RequireSignIn();

    internal sealed class Handler(Database database, RoleRequestViews views)
    {
        public async Task<Outcome<RoleRequestView>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var access = await views.AccessAsync(actor, cancellationToken);
            var row = await database.QueryAsync(db => RoleRequestRow.FindAsync(db, actor.Tenant.Id, id), cancellationToken);
            if (row is null || !row.IsVisibleTo(actor, access))
                return RoleRequestErrors.NotFound;
            return await views.ViewAsync(row, cancellationToken);
        }
    }
}
