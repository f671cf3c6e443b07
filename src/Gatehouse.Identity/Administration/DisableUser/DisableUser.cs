using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
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
/// Locks a user out: all sessions end with it, and a sign-in, a refresh and a password reset are answered as if the password, the token or
/// the code were wrong, until <see cref="EnableUser"/>.
/// <para>Publishes <c>user.disabled.v1</c> if the user was active, and <c>session.revoked.v1</c> for each session.</para>
/// </summary>
internal static class DisableUser
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/disable",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DisableUser))
            .WithSummary("Disable a user")
            .WithDescription(
                "Ends all sessions. The user cannot sign in or reset the password; nobody else is told. Repeating it changes nothing. "
                    + "Nobody disables their own account, or a user whose roles allow more than the own ones."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(Database database, ManagedUsers users, UserSessions sessions)
    {
        public async Task<Outcome<bool>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            if (id == actor.RequiredUser.Id)
                return AdministrationErrors.OwnAccount;
            if (await users.RejectChangeAsync(id, actor, "user.disabled", cancellationToken) is { } rejection)
                return rejection;
            return await database.InTransactionAsync("user.disable", tx => DisableAsync(tx, id, actor), cancellationToken);
        }

        /// <returns>Whether that changed anything.</returns>
        private async Task<Outcome<bool>> DisableAsync(Transaction tx, Guid id, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            if (user.Row.DisabledAt is not null)
                return false;
            await tx.ExecuteAsync(
                "update identity.users set disabled_at = @Now where tenant_id = @TenantId and id = @id",
                new
                {
                    tx.Now,
                    user.Row.TenantId,
                    id,
                }
            );
            user.Publish(tx, new UserDisabledV1 { UserId = id });
            tx.Record(AuditRecord.Of(actor, "user.disabled") with { Subject = id });
            await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.Disabled);
            await user.SaveAsync(tx);
            return true;
        }
    }
}
