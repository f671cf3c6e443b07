using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>Lets a user who mistyped the password too often try again at once. What counts for networks stays.</summary>
internal static class ClearFailedAttempts
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/users/{id:guid}/failed-attempts",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ClearFailedAttempts))
            .WithSummary("Clear a user's failed sign-in attempts")
            .WithDescription("The user may try again at once, from every device. Limits of the client's network stay.")
            .Produces(StatusCodes.Status204NoContent)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(Database database, ManagedUsers users, Throttle throttle)
    {
        private const string Action = "sign-in.attempts-cleared";

        public async Task<Outcome<bool>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await users.RejectChangeAsync(id, actor, Action, cancellationToken) is { } rejection
                ? rejection
                : await database.InTransactionAsync("user.clear-attempts", tx => ClearAsync(tx, id, actor), cancellationToken);

        private async Task<Outcome<bool>> ClearAsync(Transaction tx, Guid id, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is null)
                return AdministrationErrors.UserNotFound;
            await throttle.ClearAccountAsync(tx, actor.Tenant.Id, id);
            tx.Record(AuditRecord.Of(actor, Action) with { Subject = id });
            return true;
        }
    }
}
