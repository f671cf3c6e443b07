using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>Shows an administrator one user.</summary>
internal static class GetUser
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/users/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                {
                    http.AcceptPatch();
                    var found = await handler.HandleAsync(id, http.Actor(), http.RequestAborted);
                    return found.ToResult(user => http.Tagged(user, user.Tag()));
                }
            )
            .WithName(nameof(GetUser))
            .WithSummary("Get a user")
            .WithDescription(
                "Users of other tenants, and of organizations in which the actor may not see users, are reported as not found."
            )
            .Produces<ManagedUser>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    internal sealed class Handler(ManagedUsers users)
    {
        public Task<Outcome<ManagedUser>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            users.FindAsync(id, actor, cancellationToken);
    }
}
