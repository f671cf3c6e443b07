using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Asks for a code to sign in with: whoever has the account of the identifier gets it with a link by mail, or alone by SMS or WhatsApp.
/// <para>Flow: do codes sign in here → captcha → parse → one transaction: key of the sign-in, row, job. The job
/// (<see cref="SendSignInCode"/>) looks for the account, takes the message from the quota of its address and makes code and link.</para>
/// <para>Does not reveal whether the identifier has an account, whether its user is locked out, nor how often its address was written to:
/// nothing here looks for any of it.</para>
/// </summary>
internal static partial class RequestSignInCode
{
    public sealed record Request
    {
        [Description("E-mail address, phone number or username.")]
        [Required, MaxLength(EmailAddress.MaxLength)]
        public string? Identifier { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        [Description("How the code is sent: email, or sms (default for a phone number) or whatsapp. It must reach what identifier names.")]
        [MaxLength(16)]
        public string? Channel { get; init; }

        [Description(CaptchaGuard.Description)]
        [MaxLength(CaptchaGuard.MaxToken)]
        public string? CaptchaToken { get; init; }
    }

    public sealed record Response
    {
        [Description("Identifies this sign-in in further requests.")]
        public required Guid SignInCodeId { get; init; }

        [Description("How the code is sent: email, sms or whatsapp; null for a username without a channel.")]
        public string? Channel { get; init; }

        [Description("What was sent as identifier, masked.")]
        public required string MaskedTarget { get; init; }

        [Description("The code is valid at least until this time, in UTC. Its lifetime starts when the message is sent.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested.")]
        public required int ResendAfter { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/sign-in-codes",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(RequestSignInCode))
            .WithSummary("Request a sign-in code")
            .WithDescription(
                "Sends a code and a link to the verified e-mail address of the account, or a code to its verified phone number. "
                    + "The response is the same if there is no such account. A tenant can turn sign-in by code off, and can let a code "
                    + "create an account where there is none."
            )
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(403)
            .AllowAnonymous()
            .LimitBy(SignInCodesArea.RequestLimit)
            .AcceptIdempotencyKey()
            .AcceptDeviceToken();

    internal sealed partial class Handler(
        Database database,
        CaptchaGuard captcha,
        Verifications verifications,
        SignInCodeVerification purpose,
        BlindIndex blindIndex,
        SignInCodeMetrics metrics,
        ILogger<Handler> logger
    )
    {
        private const string Masked = "***";

        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByCode)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            if (
                await captcha.CheckAsync(CaptchaOperation.SignInCode, request.CaptchaToken, errors, actor, cancellationToken) is
                { } unproved
            )
                return unproved;
            var target = SignInCodeTarget.Parse(request.Identifier, request.Region, request.Channel, errors);
            if (errors.Any || target is null)
                return RequestErrors.InvalidWith(errors);

            var mask = IdentifierInput.Mask(IdentifierInput.Whole(request.Identifier, request.Region)) ?? Masked;
            var outcome = await database.InTransactionAsync(
                "sign-in-code.request",
                tx => StoreAsync(tx, target, mask, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Succeeded)
            {
                metrics.Requested();
                Log.Requested(logger, outcome.Value.SignInCodeId);
            }

            return outcome;
        }

        private async Task<Outcome<Response>> StoreAsync(
            Transaction tx,
            SignInCodeTarget target,
            string mask,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var key = await verifications.CreateKeyAsync(tx, purpose, actor.Tenant.Id, cancellationToken);
            var pending = await verifications.BeginAsync(
                tx,
                purpose,
                actor.Tenant.Id,
                key,
                SignInCodePayload.Of(key, target, blindIndex, actor),
                SignInCodePayloadJson.Default.SignInCodePayload,
                IssuedHashes.None,
                target: null
            );
            SendSignInCode.Enqueue(tx, pending.Id, pending.Sends, actor);
            tx.Record(AuditRecord.Of(actor, "sign-in.code-requested").WithSignIn(pending.Id));

            return new Response
            {
                SignInCodeId = pending.Id,
                Channel = target.Channel ?? target.Contact?.Channel,
                MaskedTarget = mask,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, tx.Now),
            };
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Sign-in code {SignInCodeId} was requested")]
            public static partial void Requested(ILogger logger, Guid signInCodeId);
        }
    }
}

/// <summary>Before it is proved, a sign-in has no user that may be named; its records name it instead.</summary>
internal static class SignInCodeRecords
{
    public static AuditRecord WithSignIn(this AuditRecord record, Guid? id) =>
        id is null ? record : record.WithFact("signInCode", id.Value.ToString());
}
