using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Sends a new code and link for a sign-in; earlier ones become invalid at once, and the attempts start again.
/// <para>Flow: one transaction: lock the sign-in → evaluate waits and counts → hashes that nothing matches → job, which takes from the
/// quota and makes the new ones.</para>
/// <para>Does not reveal whether the identifier has an account, nor that the sign-in was completed, nor that the quota is used up.</para>
/// </summary>
internal static partial class ResendSignInCode
{
    public sealed record Response
    {
        public required Guid SignInCodeId { get; init; }

        [Description("The new code is valid at least until this time, in UTC.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested; 0 if this was the last one.")]
        public required int ResendAfter { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/sign-in-codes/{id:guid}/resend",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(ResendSignInCode))
            .WithSummary("Resend the sign-in code")
            .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per sign-in.")
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 409)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        SignInCodeVerification purpose,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByCode)
                return SignInErrors.ModeOff;
            var outcome = await database.InTransactionAsync("sign-in-code.resend", tx => ResendAsync(tx, id, actor), cancellationToken);
            if (outcome.Succeeded)
                Log.Resent(logger, id);
            return outcome;
        }

        private async Task<Outcome<Response>> ResendAsync(Transaction tx, Guid id, Actor actor)
        {
            var step = await verifications.RenewAsync(tx, purpose, actor.Tenant.Id, id);
            if (step.Rejection is { } rejection)
                return rejection;

            var pending = step.Pending!;
            SendSignInCode.Enqueue(tx, id, pending.Sends, actor);
            tx.Record(AuditRecord.Of(actor, "sign-in.code-requested").WithSignIn(id));
            return new Response
            {
                SignInCodeId = id,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, tx.Now),
            };
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "A new code was requested for sign-in code {SignInCodeId}")]
            public static partial void Resent(ILogger logger, Guid signInCodeId);
        }
    }
}
