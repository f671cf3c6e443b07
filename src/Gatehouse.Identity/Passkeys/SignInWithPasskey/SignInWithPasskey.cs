using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Passkeys;

/// <summary>
/// Signs in whose passkey it is. Whatever is wrong, and a user who may not sign in, get the same answer. There is nothing to guess, so
/// nothing makes anybody wait.
/// <para>Publishes <c>user.signed-in.v1</c> and <c>session.started.v1</c>.</para>
/// </summary>
internal static partial class SignInWithPasskey
{
    public const string Method = "passkey";

    public sealed record Request : ITokenRequest
    {
        [Description("As the options said.")]
        [Required]
        public string? CeremonyId { get; init; }

        [Description(PasskeyCredential.Description)]
        [Required]
        public IReadOnlyDictionary<string, JsonElement>? Credential { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/passkey-sessions",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(body.Input, PasskeyBrowser.Find(http), http.Actor(), http.RequestAborted);
                    return outcome.ToResult(signedIn => transport.Answer(http, signedIn, body.Input.Value, StatusCodes.Status201Created));
                }
            )
            .WithName(nameof(SignInWithPasskey))
            .WithSummary("Sign in with a passkey")
            .WithDescription(
                "Starts a session. Sends what the authenticator answered to the options of POST /v1/passkey-options, which count once. "
                    + "The response to a failed sign-in does not say what was wrong."
            )
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .ProducesProblems(401, 403)
            .AllowAnonymous()
            .LimitBy(SignInArea.SignInLimit)
            .AcceptDeviceToken();

    internal sealed partial class Handler(
        Database database,
        SubjectKeys subjectKeys,
        ServerKeys serverKeys,
        PasskeyAssertion assertion,
        CompleteSignIn completeSignIn,
        SignInMetrics signIns,
        PasskeyMetrics metrics,
        ILogger<Handler> logger
    )
    {
        /// <param name="browser">What the browser holds that answers; null for other clients.</param>
        public async Task<Outcome<SignedIn>> HandleAsync(
            Input<Request> input,
            Hash<PasskeyBrowser>? browser,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var ceremony = CeremonyId.Parse(request.CeremonyId, "ceremonyId", errors);
            var credential = PasskeyCredential.Parse(request.Credential, "credential", errors);
            if (errors.Any || ceremony is null || credential is null)
                return RequestErrors.InvalidWith(errors);

            var answer = new PasskeyAnswer(ceremony.Value, credential, browser);
            var owner = await database.QueryAsync(
                db => StoredPasskey.FindOwnerAsync(db, actor.Tenant.Id, credential.Id),
                cancellationToken
            );
            var key = owner is { } id ? await subjectKeys.FindAsync(id, cancellationToken) : null;
            var outcome = await database.InTransactionAsync(
                "passkey.sign-in",
                tx => SignInAsync(tx, answer, owner, key, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } rejection)
            {
                signIns.SignInRejected(rejection.Code);
                return rejection;
            }

            metrics.SignedIn();
            Log.SignedIn(logger, outcome.Value.User.Id, outcome.Value.Tokens.SessionId);
            return outcome;
        }

        private async Task<Outcome<SignedIn>> SignInAsync(
            Transaction tx,
            PasskeyAnswer answer,
            Guid? owner,
            SubjectKey? key,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var user = owner is { } id ? await LockedUser.LockAsync(tx, actor.Tenant.Id, id) : null;
            var maySignIn = key is not null && user is { Row.IsLockedOut: false };
            if (!await assertion.FinishSignInAsync(tx, actor, maySignIn ? user : null, answer, cancellationToken))
            {
                tx.Record(
                    AuditRecord
                        .Of(actor, "sign-in.failed")
                        .RefusedWith(AuthenticatorsErrors.PasskeyRejected.Code)
                        .WithFact("method", Method) with
                    {
                        Subject = owner,
                    }
                );
                if (user is not null)
                    await user.SaveAsync(tx);
                return AuthenticatorsErrors.PasskeyRejected;
            }

            var device = DeviceToken.Read(
                serverKeys.Get(ServerKeys.Devices),
                actor.DeviceToken,
                actor.Tenant.Id,
                user!.Row.Id,
                user.Row.PasswordChangedAt
            );
            var signedIn = await completeSignIn.BeginAsync(tx, user, key, actor, FirstFactor.Passkey, device?.DeviceId);
            await user.SaveAsync(tx);
            return signedIn;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} signed in with a passkey; session {SessionId}")]
            public static partial void SignedIn(ILogger logger, Guid userId, Guid sessionId);
        }
    }
}
