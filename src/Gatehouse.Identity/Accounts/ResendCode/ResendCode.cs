using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Verification;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Sends a new code and link for a registration; earlier ones become invalid, and the attempts start again.
/// <para>Flow: one transaction: lock the registration → evaluate waits and counts → quota of the address → new hashes → event.</para>
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// <para>Does not reveal whether the address has an account by now, nor that the registration was completed: those count and answer the same.</para>
/// </summary>
internal static partial class ResendCode
{
    public sealed record Response
    {
        public required Guid RegistrationId { get; init; }

        [Description("How the code was sent: email.")]
        public required string Channel { get; init; }

        [Description("When the new code expires, in UTC.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested; 0 if this was the last one.")]
        public required int ResendAfter { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) => v1
        .MapPost("/registrations/{id:guid}/resend", async (Guid id, Handler handler, HttpContext http) =>
            (await handler.HandleAsync(id, http.Actor(), http.RequestAborted))
                .ToResult(response => TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)))
        .WithName(nameof(ResendCode))
        .WithSummary("Resend the registration code")
        .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per registration.")
        .Produces<Response>(StatusCodes.Status202Accepted)
        .ProducesProblems(409)
        .AllowAnonymous()
        .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database, SubjectKeys subjectKeys, RegistrationMessage message, RegistrationOptions options, ILogger<Handler> logger)
    {
        public async Task<Outcome<Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var outcome = await database.InTransactionAsync("registration.resend", tx => ResendAsync(tx, actor, id, cancellationToken), cancellationToken);
            if (outcome.Succeeded) Log.Resent(logger, id);
            return outcome;
        }

        private async Task<Outcome<Response>> ResendAsync(Transaction tx, Actor actor, Guid id, CancellationToken cancellationToken)
        {
            var tenantId = actor.Tenant.Id;
            var registration = await Registration.LockAsync(tx, tenantId, id);
            if (registration is null) return AccountsErrors.RegistrationNotFound;
            if (RegistrationRules.EvaluateResend(registration, options, tx.Now) is { } rejection) return rejection;

            var limit = options.CodesPerAddressAndDay;
            var isSent = await CodeQuota.TakeAsync(
                tx, tenantId, CodeQuota.Registration, registration.EmailIndexVersion, registration.EmailIndex, limit, CodeQuota.Share.OfAll(limit));
            var proof = await IssueAsync(tx, registration, isSent, cancellationToken);
            var sends = registration.Sends + 1;
            var wait = CodeRules.WaitAfter(sends);
            await tx.ExecuteAsync(
                """
                update identity.registrations
                   set code_hash = @CodeHash, code_expires_at = @ExpiresAt, link_hash = @LinkHash, tries_left = @tries, sends = @sends, resend_at = @resendAt
                 where tenant_id = @tenantId and id = @id
                """,
                new { proof.CodeHash, proof.ExpiresAt, proof.LinkHash, tries = (short)options.CodeAttempts, sends = (short)sends, resendAt = tx.Now + wait, tenantId, id });
            tx.Record(AuditRecord.Of(actor, "registration.code-resent").WithRegistration(id).WithFact("sent", isSent ? "yes" : "no"));

            return new Response
            {
                RegistrationId = id,
                Channel = "email",
                ExpiresAt = proof.ExpiresAt,
                ResendAfter = sends < options.SendsPerRegistration ? (int)wait.TotalSeconds : 0,
            };
        }

        private async Task<RegistrationMessage.Proof> IssueAsync(Transaction tx, Registration registration, bool isSent, CancellationToken cancellationToken)
        {
            // A completed registration has no address any more; it goes on counting, so that nobody learns of the completion by asking.
            var key = registration.CompletedAt is null ? await subjectKeys.FindAsync(registration.Id, cancellationToken) : null;
            if (key is null) return new RegistrationMessage.Proof(registration.CodeHash, registration.LinkHash, tx.Now.AddMinutes(options.CodeMinutes));

            var known = await Users.EmailIsKnownAsync(tx, registration.TenantId, registration.EmailIndexVersion, registration.EmailIndex);
            var to = new RegistrationMessage.To(known, isSent);
            return message.Issue(tx, registration.TenantId, registration.Id, key, registration.OpenPersonal(key), registration.Language, to);
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "A new code was sent for registration {RegistrationId}")]
            public static partial void Resent(ILogger logger, Guid registrationId);
        }
    }
}
