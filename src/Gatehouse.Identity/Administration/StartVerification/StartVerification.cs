using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Sends a code to an address or number that the actor wants to create a user for (<see cref="CreateUserByCode"/>). The code is bound to
/// this verification, to that address or number, and to the actor.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// <para>Says whether the address or number has an account, and whether it was sent too many codes: the actor may know.</para>
/// </summary>
internal static partial class StartVerification
{
    public sealed record Request
    {
        [Description("What the code is for: user-creation.")]
        [Required, MaxLength(40)]
        public string? Purpose { get; init; }

        [Description("E-mail address that the code goes to. Send this or phoneNumber.")]
        [MaxLength(EmailAddress.MaxLength)]
        public string? Email { get; init; }

        [Description("Mobile number that the code goes to, with + and the country code, or with region. Send this or email.")]
        [MaxLength(Values.PhoneNumber.MaxLength)]
        public string? PhoneNumber { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        public override string ToString() => "[verification]";
    }

    public sealed record Response
    {
        [Description("Identifies this verification in further requests.")]
        public required Guid VerificationId { get; init; }

        [Description("How the code was sent: email or sms.")]
        public required string Channel { get; init; }

        [Description("The masked e-mail address or phone number.")]
        public required string MaskedTarget { get; init; }

        [Description("When the code expires, in UTC.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested; 0 if this was the last one.")]
        public required int ResendAfter { get; init; }

        internal static Response Of(PendingVerification pending, IContact contact, UserCreationVerification purpose, DateTimeOffset now) =>
            new()
            {
                VerificationId = pending.Id,
                Channel = pending.Channel,
                MaskedTarget = contact.Masked,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, now),
            };
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/verifications",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(StartVerification))
            .WithSummary("Send a code for a new user")
            .WithDescription(
                "Sends a code to an e-mail address or phone number that has no account. With the code the user is created: "
                    + "POST /v1/user-creations."
            )
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(409)
            .RequirePermission(AdministrationArea.WriteUsers)
            .AcceptIdempotencyKey();

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        UserCreationVerification purpose,
        UserCreationMessage message,
        BlindIndex blindIndex,
        RegistrationOptions options,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (TextInput.IsBlank(request.Purpose))
                errors.Add("purpose", ValidationCodes.Required);
            else if (request.Purpose != purpose.Name)
                errors.Add("purpose", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", purpose.Name)));
            var contact = ContactInput.Parse(request.Email, request.PhoneNumber, request.Region, errors);
            if (errors.Any || contact is null)
                return RequestErrors.InvalidWith(errors);

            var outcome = await database.InTransactionAsync(
                "verification.start",
                tx => StartAsync(tx, contact, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Succeeded)
                Log.Started(logger, outcome.Value.VerificationId);
            return outcome;
        }

        private async Task<Outcome<Response>> StartAsync(Transaction tx, IContact contact, Actor actor, CancellationToken cancellationToken)
        {
            var tenant = actor.Tenant.Id;
            var index = blindIndex.Compute(tenant, contact.Kind, contact.Canonical);
            if (await Users.ContactIsKnownAsync(tx, tenant, contact.Kind, BlindIndex.Version, index))
                return AccountsErrors.Taken(contact);
            var limit = options.CodesPerAddressAndDay;
            if (!await verifications.TakeMessageAsync(tx, tenant, CodeQuota.UserCreation, BlindIndex.Version, index, limit))
                return VerificationErrors.DailyLimitReached;

            var key = await verifications.CreateKeyAsync(tx, purpose, tenant, cancellationToken);
            var hashes = message.Send(tx, actor, key, contact, actor.Language);
            var pending = await verifications.BeginAsync(
                tx,
                purpose,
                tenant,
                key,
                UserCreationPayload.Of(key, contact, actor),
                UserCreationJson.Default.UserCreationPayload,
                hashes,
                new VerificationTarget(contact.Channel, index)
            );
            tx.Record(AuditRecord.Of(actor, "verification.started").WithFact("verification", $"{pending.Id}"));
            return Response.Of(pending, contact, purpose, tx.Now);
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Verification {VerificationId} for a new user started")]
            public static partial void Started(ILogger logger, Guid verificationId);
        }
    }
}
