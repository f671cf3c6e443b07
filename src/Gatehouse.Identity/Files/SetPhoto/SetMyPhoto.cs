using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>Lets a user set their photo: see <see cref="PhotoChange"/>.</summary>
internal static class SetMyPhoto
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/me/photo",
                async ([Description("Square to take: left,top,side in pixels.")] string? crop, Handler handler, HttpContext http) =>
                {
                    var sent = await PhotoBody.ReadAsync(http, crop);
                    return sent.Error is { } error
                        ? error.ToProblem()
                        : (await handler.HandleAsync(sent.Value, http.Actor(), http.RequestAborted)).ToResult(user => http.Tagged(user));
                }
            )
            .WithName(nameof(SetMyPhoto))
            .WithSummary("Set my photo")
            .WithDescription(PhotoBody.Description)
            .WithMetadata(new AcceptsMetadata(PhotoBody.Types, typeof(Stream)))
            .Produces<UserView>()
            .ProducesProblems(409, 422)
            .LimitBy(FilesArea.UploadLimit)
            .RequireSignIn();

    internal sealed class Handler(PhotoChange photos, UserViews users)
    {
        public async Task<Outcome<UserView>> HandleAsync(SentPhoto sent, Actor actor, CancellationToken cancellationToken)
        {
            var id = actor.RequiredUser.Id;
            // Without a user the token outlived the account by a moment.
            if ((await photos.SetAsync(id, sent, actor, RequestErrors.Unauthenticated, cancellationToken)).Error is { } error)
                return error;
            return await users.FindAsync(actor.Tenant.Id, id, cancellationToken) is { } user ? user : RequestErrors.Unauthenticated;
        }
    }
}
