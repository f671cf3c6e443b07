using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Sends a new code for a user to be created; earlier ones become invalid, and the attempts start again. Only who began the verification
/// may: for everybody else there is none.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ResendVerification
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/verifications/{id:guid}/resend",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(ResendVerification))
            .WithSummary("Resend the code for a new user")
            .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per verification.")
            .Produces<StartVerification.Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(404, 409)
            .RequirePermission(AdministrationArea.WriteUsers);

    internal sealed class Handler(
        Database database,
        Verifications verifications,
        UserCreationVerification purpose,
        SubjectKeys subjectKeys,
        UserCreationMessage message,
        RegistrationOptions options
    )
    {
        public Task<Outcome<StartVerification.Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync("verification.resend", tx => ResendAsync(tx, id, actor, cancellationToken), cancellationToken);

        private async Task<Outcome<StartVerification.Response>> ResendAsync(
            Transaction tx,
            Guid id,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var tenant = actor.Tenant.Id;
            // Before anything is counted.
            if (await verifications.FindAsync(tx, purpose, tenant, id, tx.Now) is not { } found)
                return purpose.NotFound;
            if (UserCreationPayload.Of(found) is not { } payload)
                return purpose.Completed;
            if (!payload.IsOf(actor) || await subjectKeys.FindAsync(id, cancellationToken) is not { } key)
                return purpose.NotFound;
            var step = await verifications.RenewAsync(tx, purpose, tenant, id);
            if (step.Rejection is { } rejection)
                return rejection;

            var pending = step.Pending!;
            // Completed meanwhile.
            if (pending.CompletedAt is not null)
                return purpose.Completed;
            if (
                !await verifications.TakeMessageAsync(
                    tx,
                    tenant,
                    CodeQuota.UserCreation,
                    pending.IndexVersion!.Value,
                    pending.TargetIndex!,
                    options.CodesPerAddressAndDay
                )
            )
                return VerificationErrors.DailyLimitReached;
            var contact = payload.Open(key);
            var hashes = message.Send(tx, actor, key, contact, payload.Language);
            await verifications.IssueAsync(tx, purpose, tenant, id, pending.Sends, hashes, userId: null);
            tx.Record(AuditRecord.Of(actor, "verification.code-resent").WithFact("verification", $"{id}"));
            return StartVerification.Response.Of(pending, contact, purpose, tx.Now);
        }
    }
}
