using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>Shows an administrator where a user is signed in, as the user sees it.</summary>
internal static class ListUserSessions
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/users/{id:guid}/sessions",
                async (
                    Guid id,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(id, new PageInput { Limit = limit, After = after }, http.Actor(), http.RequestAborted)
                    ).ToResult(page => TypedResults.Json(page))
            )
            .WithName(nameof(ListUserSessions))
            .WithSummary("List a user's sessions")
            .WithDescription("Newest first.")
            .Produces<Page<ListSessions.Item>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    internal sealed class Handler(ManagedUsers users, LiveSessions sessions)
    {
        public async Task<Outcome<Page<ListSessions.Item>>> HandleAsync(
            Guid id,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            return await users.IsVisibleAsync(id, actor, cancellationToken)
                ? await sessions.PageAsync(actor.Tenant.Id, id, page, actor.User?.SessionId, cancellationToken)
                : AdministrationErrors.UserNotFound;
        }
    }
}
