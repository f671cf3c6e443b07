using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// The owner of a former address takes it back: whoever changed it loses the account. All sessions end, the password is removed, a number
/// and second factors that were added about that time go, what waits to be confirmed is given up, and the later changes cannot be undone
/// any more.
/// <para>Publishes <c>user.email-changed.v1</c>, <c>user.phone-changed.v1</c>, <c>credential.changed.v1</c>, <c>session.revoked.v1</c> and,
/// by its job, <c>notification.requested.v1</c>. Consumed by POST only: mail scanners follow links.</para>
/// </summary>
internal static partial class UndoEmailChange
{
    private static readonly TakebackCause Undoing = new()
    {
        SessionEnd = SessionEnd.EmailChangeUndone,
        ResetTemplate = "email-change-undone",
    };

    public sealed record Request
    {
        [Description("The token of the link that was sent to the former address.")]
        [Required, MaxLength(64)]
        public string? Token { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/email-changes/undo",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(UndoEmailChange))
            .WithSummary("Undo the change of an e-mail address")
            .WithDescription(
                "Possible for seven days with the link sent to the former address. Restores it, ends all sessions and removes the "
                    + "password; a link to choose a new one is sent to the restored address."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404, 409)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        EmailUndoVerification purpose,
        SubjectKeys subjectKeys,
        ContactFactors factors,
        AccountTakeback takeback,
        ILogger<Handler> logger
    )
    {
        /// <returns>Whose address it is.</returns>
        public async Task<Outcome<Guid>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var link = LinkToken.Parse(input.Value.Token, "token", input.Errors);
            if (input.Errors.Any || link is null)
                return RequestErrors.InvalidWith(input.Errors);
            var outcome = await database.InTransactionAsync(
                "email-change.undo",
                tx => UndoAsync(tx, link, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;
            await verifications.DestroyKeyAsync(outcome.Value.Verification);
            Log.Undone(logger, outcome.Value.User);
            return outcome.Value.User;
        }

        private async Task<Outcome<Undone>> UndoAsync(Transaction tx, LinkToken link, Actor actor, CancellationToken cancellationToken)
        {
            var step = await verifications.TryLinkAsync(tx, purpose, actor.Tenant.Id, link, secretMatches: null);
            var outcome = step.Rejection ?? await RestoreAsync(tx, step.Pending!, actor, cancellationToken);
            var record = AuditRecord.Of(actor, outcome.Succeeded ? "user.email-change-undone" : "user.email-undo-refused") with
            {
                Subject = step.Pending?.UserId,
            };
            tx.Record(outcome.Error is { } error ? record.RefusedWith(error.Code) : record);
            return outcome;
        }

        private async Task<Outcome<Undone>> RestoreAsync(
            Transaction tx,
            PendingVerification pending,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var user = await LockedUser.LockAsync(tx, pending.TenantId, pending.UserId!.Value);
            var key = user is null ? null : await subjectKeys.FindAsync(user.Row.Id, cancellationToken);
            if (user is null || key is null || await EmailUndos.TakeAsync(tx, user.Row, pending.Id) is not { } former)
                return CredentialsErrors.UndoSuperseded;

            // Reserved for as long as the link works, so it cannot be somebody else's.
            if (!await UserContacts.TakeAsync(tx, user.Row, Users.EmailKind, former.BlindIndex))
                throw new InvalidOperationException("A former address was not reserved.");
            await UserContacts.ReleaseAsync(tx, user.Row, Users.EmailKind, former.BlindIndex);
            await EmailUndos.FreeAsync(tx, user.Row);
            var email = key.Open(former.Email);
            await tx.ExecuteAsync(
                """
                update identity.users set email = @Email, email_verified_at = @Now, email_changed_at = @ChangedBefore,
                       new_email = null, new_email_verification = null, new_email_until = null,
                       new_phone = null, new_phone_verification = null, new_phone_until = null
                 where tenant_id = @TenantId and id = @Id
                """,
                new
                {
                    former.Email,
                    tx.Now,
                    former.ChangedBefore,
                    user.Row.TenantId,
                    user.Row.Id,
                }
            );
            UserContacts.PublishEmail(tx, user, key, email, "undone");
            // From here on the restored address is told.
            await user.ReloadAsync(tx);
            await factors.DropAsync(tx, user, key, Users.EmailKind, actor);
            // Whoever changed the address may have left what signs in, too.
            var since = former.ChangedAt - ChangeRules.UndoWindow;
            await takeback.ShutOthersOutAsync(tx, user, key, since, Undoing, _ => email, actor, cancellationToken);
            await verifications.CompleteAsync(tx, pending);
            await user.SaveAsync(tx);
            return new Undone(pending.Id, user.Row.Id);
        }

        private sealed record Undone(Guid Verification, Guid User);

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} has the former e-mail address back")]
            public static partial void Undone(ILogger logger, Guid userId);
        }
    }
}
