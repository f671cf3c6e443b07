using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Administration;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>Sets the photo of a user: see <see cref="PhotoChange"/>.</summary>
internal static class SetUserPhoto
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/users/{id:guid}/photo",
                async (
                    Guid id,
                    [Description("Square to take: left,top,side in pixels.")] string? crop,
                    Handler handler,
                    HttpContext http
                ) =>
                {
                    var sent = await PhotoBody.ReadAsync(http, crop);
                    return sent.Error is { } error
                        ? error.ToProblem()
                        : (await handler.HandleAsync(id, sent.Value, http.Actor(), http.RequestAborted)).ToResult(user =>
                            http.Tagged(user, user.Tag())
                        );
                }
            )
            .WithName(nameof(SetUserPhoto))
            .WithSummary("Set the photo of a user")
            .WithDescription(PhotoBody.Description)
            .WithMetadata(new AcceptsMetadata(PhotoBody.Types, typeof(Stream)))
            .Produces<ManagedUser>()
            .ProducesProblems(409, 422)
            .LimitBy(FilesArea.UploadLimit)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(PhotoChange photos, ManagedUsers users)
    {
        public async Task<Outcome<ManagedUser>> HandleAsync(Guid id, SentPhoto sent, Actor actor, CancellationToken cancellationToken)
        {
            if (await users.RejectChangeAsync(id, actor, "user.updated", cancellationToken) is { } rejection)
                return rejection;
            return (await photos.SetAsync(id, sent, actor, AdministrationErrors.UserNotFound, cancellationToken)).Error is { } error
                ? error
                : await users.FindAsync(id, actor, cancellationToken);
        }
    }
}
