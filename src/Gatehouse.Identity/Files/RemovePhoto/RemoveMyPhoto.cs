using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>Lets a user remove their photo: see <see cref="PhotoChange"/>.</summary>
internal static class RemoveMyPhoto
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/photo",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveMyPhoto))
            .WithSummary("Remove my photo")
            .WithDescription("The file is removed, too. Succeeds also if there is no photo.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireSignIn();

    internal sealed class Handler(PhotoChange photos)
    {
        // Without a user the token outlived the account by a moment.
        public Task<Outcome<Guid>> HandleAsync(Actor actor, CancellationToken cancellationToken) =>
            photos.RemoveAsync(actor.RequiredUser.Id, actor, RequestErrors.Unauthenticated, cancellationToken);
    }
}
