using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Signs a user out everywhere.
/// <para>Publishes <c>session.revoked.v1</c> for each session.</para>
/// </summary>
internal static class EndUserSessions
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/users/{id:guid}/sessions",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(EndUserSessions))
            .WithSummary("Sign out a user")
            .WithDescription("Ends all sessions of the user.")
            .Produces(StatusCodes.Status204NoContent)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(Database database, ManagedUsers users, UserSessions sessions)
    {
        public async Task<Outcome<int>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await users.RejectChangeAsync(id, actor, "session.ended", cancellationToken) is { } rejection
                ? rejection
                : await database.InTransactionAsync("user.end-sessions", tx => EndAsync(tx, id, actor), cancellationToken);

        private async Task<Outcome<int>> EndAsync(Transaction tx, Guid id, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            var ended = await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.EndedByAdministrator);
            await user.SaveAsync(tx);
            return ended;
        }
    }
}
