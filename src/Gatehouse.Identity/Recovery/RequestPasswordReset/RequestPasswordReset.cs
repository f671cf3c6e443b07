using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Asks for a new password: whoever has the account of the identifier gets a code and a link by mail, or a code by text message.
/// <para>Flow: do passwords sign in here → captcha → parse → one transaction: key of the reset, row, job. The job
/// (<see cref="SendResetMessage"/>) looks for the account, takes the message from the quota of its address and makes code and link.</para>
/// <para>Does not reveal whether the identifier has an account, nor how often its address was written to: nothing here looks for either.
/// The message goes to the proved address or number alone, whatever was typed.</para>
/// </summary>
internal static partial class RequestPasswordReset
{
    public sealed record Request
    {
        [Description("E-mail address, phone number or username.")]
        [Required, MaxLength(EmailAddress.MaxLength)]
        public string? Identifier { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        [Description(CaptchaGuard.Description)]
        [MaxLength(CaptchaGuard.MaxToken)]
        public string? CaptchaToken { get; init; }
    }

    public sealed record Response
    {
        [Description("Identifies this password reset in further requests.")]
        public required Guid ResetId { get; init; }

        [Description("The code is valid at least until this time, in UTC. Its lifetime starts when the message is sent.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested.")]
        public required int ResendAfter { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/password-resets",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(RequestPasswordReset))
            .WithSummary("Request a password reset")
            .WithDescription(
                "Sends a code and a link to the verified e-mail address of the account, or a code to its verified phone number. "
                    + "The response is the same if there is no such account. Rejected where only codes sign users in."
            )
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(403)
            .AllowAnonymous()
            .LimitBy(RecoveryArea.ResetLimit)
            .AcceptIdempotencyKey()
            .AcceptDeviceToken();

    internal sealed partial class Handler(
        Database database,
        CaptchaGuard captcha,
        PasswordResets resets,
        ResetVerification purpose,
        ResetMetrics metrics,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByPassword)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            if (
                await captcha.CheckAsync(CaptchaOperation.PasswordReset, request.CaptchaToken, errors, actor, cancellationToken) is
                { } unproved
            )
                return unproved;
            var identifier = Identifier.Parse(request.Identifier, request.Region, "identifier", errors);
            if (errors.Any || identifier is null)
                return RequestErrors.InvalidWith(errors);

            var outcome = await database.InTransactionAsync(
                "password-reset.request",
                tx => StoreAsync(tx, identifier, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Succeeded)
            {
                metrics.ResetRequested();
                Log.Requested(logger, outcome.Value.ResetId);
            }

            return outcome;
        }

        private async Task<Outcome<Response>> StoreAsync(
            Transaction tx,
            Identifier identifier,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var pending = await resets.BeginAsync(tx, identifier, SendResetMessage.Template, actor, cancellationToken);
            tx.Record(AuditRecord.Of(actor, "password.reset-requested").WithFact("reset", pending.Id.ToString()));

            return new Response
            {
                ResetId = pending.Id,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, tx.Now),
            };
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Password reset {ResetId} was requested")]
            public static partial void Requested(ILogger logger, Guid resetId);
        }
    }
}
