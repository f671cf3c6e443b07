using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Lets a disabled user sign in again, with the password of before. Sessions that ended stay so.
/// <para>Publishes <c>user.enabled.v1</c> if the user was disabled.</para>
/// </summary>
internal static class EnableUser
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/enable",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(EnableUser))
            .WithSummary("Enable a user")
            .WithDescription("The user can sign in again with the same password. Repeating it changes nothing.")
            .Produces(StatusCodes.Status204NoContent)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(Database database, ManagedUsers users)
    {
        public async Task<Outcome<bool>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await users.RejectChangeAsync(id, actor, "user.enabled", cancellationToken) is { } rejection
                ? rejection
                : await database.InTransactionAsync("user.enable", tx => EnableAsync(tx, id, actor), cancellationToken);

        /// <returns>Whether that changed anything.</returns>
        private static async Task<Outcome<bool>> EnableAsync(Transaction tx, Guid id, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            if (user.Row.DisabledAt is null)
                return false;
            await tx.ExecuteAsync(
                """
                update identity.users set disabled_at = null, disabled_by = null, disabled_reason = null
                 where tenant_id = @TenantId and id = @id
                """,
                new { user.Row.TenantId, id }
            );
            user.Publish(tx, new UserEnabledV1 { UserId = id });
            tx.Record(AuditRecord.Of(actor, "user.enabled") with { Subject = id });
            await user.SaveAsync(tx);
            return true;
        }
    }
}
