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

namespace Gatehouse.Identity.Closing;

/// <summary>
/// Opens the own account again, in a session that was begun since it was closed. The session's next tokens are good for everything.
/// <para>Publishes <c>user.reopened.v1</c>.</para>
/// </summary>
internal static class ReopenAccount
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/close/undo",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ReopenAccount))
            .WithSummary("Open my account again")
            .WithDescription(
                "Who signs in to a closed account gets a session that is for this alone. Afterwards refresh the tokens: the new access "
                    + "token has no such limit."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequireSignIn()
            .AllowWhenClosed()
            .AllowBeforeEnrollment();

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<bool>> HandleAsync(Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync("account.reopen", tx => ReopenAsync(tx, actor), cancellationToken);

        private static async Task<Outcome<bool>> ReopenAsync(Transaction tx, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.ClosedAt is null)
                return ClosingErrors.NotClosed;
            await tx.ExecuteAsync(
                "update identity.users set closed_at = null, erase_at = null where tenant_id = @TenantId and id = @Id",
                new { user.Row.TenantId, user.Row.Id }
            );
            await tx.ExecuteAsync(
                "update identity.sessions set closed = false where tenant_id = @TenantId and user_id = @Id and closed and ended_at is null",
                new { user.Row.TenantId, user.Row.Id }
            );
            user.Publish(tx, new UserReopenedV1 { UserId = user.Row.Id });
            tx.Record(AuditRecord.Of(actor, "account.reopened") with { Subject = user.Row.Id });
            await user.SaveAsync(tx);
            return true;
        }
    }
}
