using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
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
/// Proves the address by the code that was sent to it, and makes the user.
/// <para>Flow: parse → one transaction: lock the registration → evaluate the code (VerificationRules.EvaluateCode) → count a wrong try, or
/// insert the user → events. The row lock serializes parallel attempts, so N guesses count N and one correct submit wins.</para>
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>, <c>session.started.v1</c>.</para>
/// <para>Does not reveal whether a registration is a decoy, was superseded or was completed by another: a code that does not match is
/// wrong.</para>
/// </summary>
internal static partial class ConfirmByCode
{
    public sealed record Request : ITokenRequest
    {
        [Description("The digits of the code.")]
        [Required, MaxLength(8)]
        public string? Code { get; init; }

        [Description("Another username, if the one chosen at registration has been taken. The same code stays valid.")]
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
                "/registrations/{id:guid}/verify",
                async (Guid id, JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted);
                    return outcome.ToResult(signedIn => transport.Answer(http, signedIn, body.Input.Value, StatusCodes.Status201Created));
                }
            )
            .WithName(nameof(ConfirmByCode))
            .WithSummary("Verify by code")
            .WithDescription("Creates the user and signs in. A wrong code uses one of five attempts.")
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409, 410, 422)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        RegistrationVerification purpose,
        NewUser newUser,
        RegistrationMetrics metrics,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<SignedIn>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var code = OneTimeCode.Parse(request.Code, purpose.CodeDigits, "code", errors);
            var username = Username.ParseOptional(request.Username, "username", errors);
            if (errors.Any || code is null)
                return RequestErrors.InvalidWith(errors);

            var proof = new VerificationInput(code, Link: null);
            var outcome = await database.InTransactionAsync(
                "registration.verify",
                tx => VerifyAsync(tx, actor, id, proof, username, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
            {
                metrics.ConfirmationRefused(error.Code);
                Log.Refused(logger, id, error.Code);
                return error;
            }

            await newUser.SettleAsync(outcome.Value);
            metrics.RegistrationCompleted(proof.Method);
            Log.Completed(logger, id, outcome.Value.User.Id);
            return outcome.Value.SignedIn!;
        }

        private async Task<Outcome<NewUser.Created>> VerifyAsync(
            Transaction tx,
            Actor actor,
            Guid id,
            VerificationInput input,
            Username? username,
            CancellationToken cancellationToken
        )
        {
            var step = await verifications.TryAsync(tx, purpose, actor.Tenant.Id, id, input);
            var proof = new NewUser.Proof(input.Method, username, KeepPassword: true, BeginsSession: true);
            var outcome = step.Rejection ?? await newUser.CreateAsync(tx, step.Pending!, proof, actor, cancellationToken);
            if (outcome.Error is { } error)
                tx.Record(AuditRecord.Of(actor, "registration.refused").RefusedWith(error.Code).WithRegistration(step.Pending?.Id));
            return outcome;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Registration {RegistrationId} became user {UserId}")]
            public static partial void Completed(ILogger logger, Guid registrationId, Guid userId);

            [LoggerMessage(2, LogLevel.Information, "Registration {RegistrationId} was not confirmed: {Code}")]
            public static partial void Refused(ILogger logger, Guid registrationId, string code);
        }
    }
}
