using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Proves the address by the link that was sent to it, and makes the user.
/// <para>The link proves the mailbox, not that its reader chose the password: anybody can start a registration for anybody's address. So
/// the password of the registration is kept only when it is typed again here; without it the account starts without a password.</para>
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>, <c>session.started.v1</c>. Consumed by POST only: mail scanners
/// follow links.</para>
/// </summary>
internal static partial class ConfirmByLink
{
    public sealed record Request : ITokenRequest
    {
        [Description("The token of the link.")]
        [Required, MaxLength(64)]
        public string? Token { get; init; }

        [Description("The password chosen at registration. If omitted, the account is created without a password.")]
        [MaxLength(PasswordInput.MaxLength), DataType(DataType.Password)]
        public string? Password { get; init; }

        [Description("Another username, if the one chosen at registration has been taken. The same link stays valid.")]
        [MaxLength(Values.Username.MaxLength)]
        public string? Username { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/registrations/confirm",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(body.Input, http.Actor(), beginsSession: true, http.RequestAborted);
                    return outcome.ToResult(created =>
                        transport.Answer(http, created.SignedIn!, body.Input.Value, StatusCodes.Status201Created)
                    );
                }
            )
            .WithName(nameof(ConfirmByLink))
            .WithSummary("Verify by link")
            .WithDescription("Creates the user and signs in. The password of the registration is kept only if it is sent again.")
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409, 422)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        RegistrationVerification purpose,
        NewUser newUser,
        PasswordHasher hasher,
        RegistrationMetrics metrics,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<NewUser.Created>> HandleAsync(
            Input<Request> input,
            Actor actor,
            bool beginsSession,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var link = LinkToken.Parse(request.Token, "token", errors);
            var password = request.Password is null ? null : PasswordInput.Parse(request.Password, "password", errors);
            var username = Username.ParseOptional(request.Username, "username", errors);
            if (errors.Any || link is null)
                return RequestErrors.InvalidWith(errors);

            bool? passwordMatches = null;
            if (password is not null)
            {
                // Outside the transaction: hashing must not hold a row.
                var stored = await database.QueryAsync(db => PasswordHashAsync(db, actor.Tenant.Id, link), cancellationToken);
                // A link that is not good any more is said to be so below; there is nothing to hash against then.
                var verified = stored is null ? false : await hasher.VerifyAsync(stored, password, actor.Client, cancellationToken);
                if (verified.Error is { } busy)
                    return busy;
                passwordMatches = verified.Value;
            }

            var proof = new NewUser.Proof("link", username, KeepPassword: passwordMatches is true, beginsSession);
            var outcome = await database.InTransactionAsync(
                "registration.confirm",
                tx => ConfirmAsync(tx, actor, link, passwordMatches, proof, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
            {
                metrics.ConfirmationRefused(error.Code);
                Log.Refused(logger, error.Code);
                return error;
            }

            await newUser.SettleAsync(outcome.Value);
            metrics.RegistrationCompleted("link");
            Log.Completed(logger, outcome.Value.RegistrationId, outcome.Value.User.Id);
            return outcome.Value;
        }

        private async Task<Outcome<NewUser.Created>> ConfirmAsync(
            Transaction tx,
            Actor actor,
            LinkToken link,
            bool? passwordMatches,
            NewUser.Proof proof,
            CancellationToken cancellationToken
        )
        {
            var step = await verifications.TryLinkAsync(tx, purpose, actor.Tenant.Id, link, passwordMatches);
            var outcome = step.Rejection ?? await newUser.CreateAsync(tx, step.Pending!, proof, actor, cancellationToken);
            if (outcome.Error is { } error)
                tx.Record(AuditRecord.Of(actor, "registration.refused").RefusedWith(error.Code).WithRegistration(step.Pending?.Id));
            return outcome;
        }

        private async Task<PasswordHash?> PasswordHashAsync(DbSession db, Guid tenantId, LinkToken link) =>
            await verifications.FindAsync(db, purpose, tenantId, link, clock.GetUtcNow()) is { CompletedAt: null } pending
                ? pending.Read(RegistrationPayloadJson.Default.RegistrationPayload).PasswordHash
                : null;

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Registration {RegistrationId} became user {UserId} by link")]
            public static partial void Completed(ILogger logger, Guid registrationId, Guid userId);

            [LoggerMessage(2, LogLevel.Information, "A registration was not confirmed by link: {Code}")]
            public static partial void Refused(ILogger logger, string code);
        }
    }
}
