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

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Begins to add codes by text message or mail as second factor: sends one to the verified number or address of the account. It counts once
/// that code came back (<see cref="ConfirmSentCode"/>); until then it sends another one.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class EnrollSentCode
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/factors/{factor}",
                async (string factor, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(factor, http.Actor(), http.RequestAborted)).ToResult(view =>
                        TypedResults.Json(view, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(EnrollSentCode))
            .WithSummary("Add codes by text message or e-mail")
            .WithDescription(
                "The factor is sms or email. Sends a code to the verified phone number or e-mail address of the account; it counts as "
                    + "second factor once the code was sent to /v1/me/factors/{factor}/confirm. Sending it again is possible after 60, 120 "
                    + "and then every 240 seconds, up to five messages."
            )
            .Produces<SentCodeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 404, 409, 429)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SentCodes codes, TimeProvider clock)
    {
        public async Task<Outcome<SentCodeView>> HandleAsync(string factor, Actor actor, CancellationToken cancellationToken)
        {
            if (!SentCodeFactor.IsOne(factor))
                return FactorsErrors.NotFound;
            if (
                actor.Tenant.Settings is var settings
                && (settings.SecondFactor == SecondFactorPolicy.Off || !settings.SecondFactors.Contains(factor, StringComparer.Ordinal))
            )
                return FactorsErrors.NotAllowed;
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync(
                "sent-code.enroll",
                tx => EnrollAsync(tx, key, factor, actor, cancellationToken),
                cancellationToken
            );
        }

        /// <summary>The code that waits to be confirmed; null for none.</summary>
        public async Task<Outcome<SentCodeView?>> FindAsync(string factor, Actor actor, CancellationToken cancellationToken)
        {
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.QueryAsync<Outcome<SentCodeView?>>(
                async db =>
                    await StoredUser.FindAsync(db, actor.Tenant.Id, key.Subject) is { } user
                    && user.OpenContact(key, SentCodeFactor.KindOf(factor)) is { } contact
                    && await StoredSentCode.FindAsync(db, user.TenantId, user.Id, factor) is { ConfirmedAt: null } stored
                        ? await codes.FindAsync(db, user.TenantId, stored.VerificationId, contact, clock.GetUtcNow())
                        : (SentCodeView?)null,
                cancellationToken
            );
        }

        private async Task<Outcome<SentCodeView>> EnrollAsync(
            Transaction tx,
            SubjectKey key,
            string factor,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { Row.IsLockedOut: false } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.IsUnverified)
                return FactorsErrors.VerificationRequired;
            var stored = await StoredSentCode.FindAsync(tx, user.Row.TenantId, user.Row.Id, factor);
            if (stored is { ConfirmedAt: not null })
                return FactorsErrors.AlreadyAdded;
            if (user.Row.OpenContact(key, SentCodeFactor.KindOf(factor)) is not { } contact)
                return FactorsErrors.NoContact;
            var sent = await codes.SendAsync(tx, user, key, contact, stored?.VerificationId, actor, cancellationToken);
            if (sent.Error is { } rejection)
                return rejection;
            await StoredSentCode.AwaitAsync(tx, user.Row, factor, sent.Value.Id);
            tx.Record(AuditRecord.Of(actor, "second-factor.begun").WithFact("factor", factor) with { Subject = user.Row.Id });
            await user.SaveAsync(tx);
            return codes.ViewOf(sent.Value, contact, tx.Now);
        }
    }
}
