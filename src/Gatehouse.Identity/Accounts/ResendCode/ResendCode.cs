using System.ComponentModel;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;
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
/// <para>Does not reveal whether the address has an account by now, nor that the registration was completed: those count and answer the
/// same.</para>
/// </summary>
internal static partial class ResendCode
{
    public sealed record Response
    {
        public required Guid RegistrationId { get; init; }

        [Description("How the code was sent: email or sms.")]
        public required string Channel { get; init; }

        [Description("When the new code expires, in UTC.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested; 0 if this was the last one.")]
        public required int ResendAfter { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/registrations/{id:guid}/resend",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(ResendCode))
            .WithSummary("Resend the registration code")
            .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per registration.")
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(409)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        RegistrationVerification purpose,
        SubjectKeys subjectKeys,
        RegistrationMessage message,
        IRegistrationRoles roles,
        RegistrationOptions options,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var outcome = await database.InTransactionAsync(
                "registration.resend",
                tx => ResendAsync(tx, actor, id, cancellationToken),
                cancellationToken
            );
            if (outcome.Succeeded)
                Log.Resent(logger, id);
            return outcome;
        }

        private async Task<Outcome<Response>> ResendAsync(Transaction tx, Actor actor, Guid id, CancellationToken cancellationToken)
        {
            var tenantId = actor.Tenant.Id;
            var step = await verifications.RenewAsync(tx, purpose, tenantId, id);
            if (step.Rejection is { } rejection)
                return rejection;

            var pending = step.Pending!;
            var isSent = await verifications.TakeMessageAsync(
                tx,
                tenantId,
                CodeQuota.Registration,
                pending.IndexVersion!.Value,
                pending.TargetIndex!,
                options.CodesPerAddressAndDay
            );
            await SendAsync(tx, pending, isSent, actor.Tenant, cancellationToken);
            tx.Record(AuditRecord.Of(actor, "registration.code-resent").WithRegistration(id).WithFact("sent", isSent ? "yes" : "no"));

            return new Response
            {
                RegistrationId = id,
                Channel = pending.Channel,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, tx.Now),
            };
        }

        private async Task SendAsync(
            Transaction tx,
            PendingVerification pending,
            bool isSent,
            Tenant tenant,
            CancellationToken cancellationToken
        )
        {
            // A completed registration has no address any more; it goes on counting, so that nobody learns of the completion by asking.
            var key = pending.CompletedAt is null ? await subjectKeys.FindAsync(pending.Id, cancellationToken) : null;
            if (key is null)
                return;

            var known = await Users.ContactIsKnownAsync(
                tx,
                pending.TenantId,
                pending.TargetKind,
                pending.IndexVersion!.Value,
                pending.TargetIndex!
            );
            var payload = pending.Read(RegistrationPayloadJson.Default.RegistrationPayload);
            var role = payload.RoleId is { } id ? await roles.FindOpenAsync(tx, tenant.Id, id) : null;
            var hashes = message.Send(
                tx,
                tenant,
                key,
                key.Open(payload.Personal),
                payload.Language,
                new RegistrationMessage.To(known, isSent) { Role = role }
            );
            await verifications.IssueAsync(tx, purpose, pending.TenantId, pending.Id, pending.Sends, hashes, userId: null);
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "A new code was sent for registration {RegistrationId}")]
            public static partial void Resent(ILogger logger, Guid registrationId);
        }
    }
}
