using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Administration;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>Removes the photo of a user: see <see cref="PhotoChange"/>.</summary>
internal static class RemoveUserPhoto
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/users/{id:guid}/photo",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveUserPhoto))
            .WithSummary("Remove the photo of a user")
            .WithDescription("The file is removed, too. Succeeds also if there is no photo.")
            .Produces(StatusCodes.Status204NoContent)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(PhotoChange photos, ManagedUsers users)
    {
        public async Task<Outcome<Guid>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await users.RejectChangeAsync(id, actor, "user.updated", cancellationToken) is { } rejection
                ? rejection
                : await photos.RemoveAsync(id, actor, AdministrationErrors.UserNotFound, cancellationToken);
    }
}
