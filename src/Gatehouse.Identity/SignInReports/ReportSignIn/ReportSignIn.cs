using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Credentials;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.SignInReports;

/// <summary>
/// Somebody else signed in, says the owner: all sessions end, every device is unknown again, a number and second factors that were added
/// since then go, and the password is removed, so that one has to be chosen by the message that goes out with it. It goes where the
/// notice went and nowhere else: if the address was changed since, the owner undoes that first, by the message about it.
/// <para>Publishes <c>credential.changed.v1</c>, <c>user.phone-changed.v1</c>, <c>session.revoked.v1</c> and, by its job,
/// <c>notification.requested.v1</c>. Consumed by POST only: mail scanners follow links.</para>
/// </summary>
internal static partial class ReportSignIn
{
    private static readonly TakebackCause Reporting = new() { SessionEnd = SessionEnd.SignInReported, ResetTemplate = "sign-in-reported" };

    public sealed record Request
    {
        [Description("The token of the link in the notice.")]
        [Required, MaxLength(64)]
        public string? Token { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/sign-ins/report",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ReportSignIn))
            .WithSummary("Report a sign-in by somebody else")
            .WithDescription(
                "Possible for seven days with the link of the notice about a new device. Ends all sessions, forgets all devices and "
                    + "removes the password; a link to choose a new one is sent to the user."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404, 409)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        NewDeviceVerification purpose,
        SubjectKeys subjectKeys,
        AccountTakeback takeback,
        BlindIndex blindIndex,
        ILogger<Handler> logger
    )
    {
        /// <returns>Whose account it is.</returns>
        public async Task<Outcome<Guid>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var link = LinkToken.Parse(input.Value.Token, "token", input.Errors);
            if (input.Errors.Any || link is null)
                return RequestErrors.InvalidWith(input.Errors);
            var outcome = await database.InTransactionAsync(
                "sign-in.report",
                tx => ReportAsync(tx, link, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;
            await verifications.DestroyKeyAsync(outcome.Value.Id);
            Log.Reported(logger, outcome.Value.UserId!.Value);
            return outcome.Value.UserId.Value;
        }

        private async Task<Outcome<PendingVerification>> ReportAsync(
            Transaction tx,
            LinkToken link,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var step = await verifications.TryLinkAsync(tx, purpose, actor.Tenant.Id, link, secretMatches: null);
            var rejection = step.Rejection ?? await CloseAsync(tx, step.Pending!, actor, cancellationToken);
            var record = AuditRecord.Of(actor, "sign-in.reported") with { Subject = step.Pending?.UserId };
            tx.Record(rejection is null ? record : record.RefusedWith(rejection.Code));
            return rejection is null ? step.Pending! : rejection;
        }

        private async Task<Error?> CloseAsync(Transaction tx, PendingVerification pending, Actor actor, CancellationToken cancellationToken)
        {
            var user = await LockedUser.LockAsync(tx, pending.TenantId, pending.UserId!.Value);
            var key = user is null ? null : await subjectKeys.FindAsync(user.Row.Id, cancellationToken);
            if (user is null || key is null)
                return VerificationErrors.LinkInvalid;
            var payload = pending.Read(NewDevicePayloadJson.Default.NewDevicePayload);
            var since = payload.Began ?? pending.CreatedAt;
            await takeback.ShutOthersOutAsync(tx, user, key, since, Reporting, row => WroteTo(row, key, payload), actor, cancellationToken);
            await verifications.CompleteAsync(tx, pending);
            await user.SaveAsync(tx);
            return null;
        }

        /// <summary>Where the notice went; null if that is not the user's any more.</summary>
        private IContact? WroteTo(StoredUser user, SubjectKey key, NewDevicePayload payload) =>
            user.OpenContact(key) is { } contact
            && payload.Address?.Equals(blindIndex.Compute(user.TenantId, contact.Kind, contact.Canonical)) == true
                ? contact
                : null;

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} reported a sign-in by somebody else; everybody is signed out")]
            public static partial void Reported(ILogger logger, Guid userId);
        }
    }
}
