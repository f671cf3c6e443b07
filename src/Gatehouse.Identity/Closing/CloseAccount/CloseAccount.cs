using System.ComponentModel;
using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Closing;

/// <summary>
/// Closes the own account: all sessions end at once, other services hear of it, and after some days it is erased, unless its user signs in
/// and opens it again (<see cref="ReopenAccount"/>).
/// <para>Publishes <c>session.revoked.v1</c> for each session, <c>user.closed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class CloseAccount
{
    public const string NoticeTemplate = "account-closed";

    public sealed record Response
    {
        [Description("When the account is erased, in UTC. Until then its user can sign in and open it again.")]
        public required DateTimeOffset EraseAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/close",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(response => TypedResults.Ok(response))
            )
            .WithName(nameof(CloseAccount))
            .WithSummary("Close my account")
            .WithDescription(
                "Ends all sessions, this one included, and erases the account after some days (setting Closing:GraceDays). Until then its "
                    + "user can sign in and open it again."
            )
            .Produces<Response>()
            .ProducesProblems(403)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .RequireFresh();

    internal sealed class Handler(
        Database database,
        SubjectKeys subjectKeys,
        UserSessions sessions,
        AccountNotice notice,
        ClosingOptions options
    )
    {
        public async Task<Outcome<Response>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("account.close", tx => CloseAsync(tx, key, actor), cancellationToken);
        }

        private async Task<Outcome<Response>> CloseAsync(Transaction tx, SubjectKey key, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.EraseAt is { } already)
                return new Response { EraseAt = already };
            var eraseAt = tx.Now.AddDays(options.GraceDays);
            await tx.ExecuteAsync(
                "update identity.users set closed_at = @Now, erase_at = @eraseAt where tenant_id = @TenantId and id = @Id",
                new
                {
                    tx.Now,
                    eraseAt,
                    user.Row.TenantId,
                    user.Row.Id,
                }
            );
            user.Publish(tx, new UserClosedV1 { UserId = user.Row.Id, EraseAt = eraseAt });
            tx.Record(
                (AuditRecord.Of(actor, "account.closed") with { Subject = user.Row.Id }).WithFact(
                    "eraseAt",
                    eraseAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
                )
            );
            if (user.Row.OpenContact(key) is { } address)
                notice.RequestTo(address, tx, user, key, NoticeTemplate, AccountNotice.Name(user), ("until", eraseAt.ToMinuteText()));
            await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.Closed);
            await user.SaveAsync(tx);
            return new Response { EraseAt = eraseAt };
        }
    }
}
