using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Answers a challenge with a second factor: a sign-in becomes a session, a session is proved again.
/// <para>Flow: parse → find the challenge → count the try (Throttle) → one transaction: lock the user and the challenge, try the factor,
/// begin the session or note the failure.</para>
/// <para>Publishes <c>user.signed-in.v1</c> and <c>session.started.v1</c>, or <c>user.sign-in-failed.v1</c>.</para>
/// </summary>
internal static partial class AnswerChallenge
{
    private const int MaxCode = 64;

    public sealed record Request : ITokenRequest
    {
        [Description("One of the challenge's factors.")]
        [Required, MaxLength(20)]
        public string? Factor { get; init; }

        [Description("The code: six digits for totp, sms and email; a recovery code with or without its hyphen. Not with a passkey.")]
        [MaxLength(MaxCode)]
        public string? Code { get; init; }

        [Description("With a passkey: as the options of POST /v1/challenges/{id}/passkey-options said.")]
        public string? CeremonyId { get; init; }

        [Description("With a passkey. " + PasskeyCredential.Description)]
        public IReadOnlyDictionary<string, JsonElement>? Credential { get; init; }

        [Description("At sign-in: whether this device is asked for no second factor for 30 days. Default false.")]
        public bool? RememberDevice { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/challenges/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(id, body.Input, PasskeyBrowser.Find(http), http.Actor(), http.RequestAborted);
                    return outcome.ToResult<SignedIn?>(signedIn =>
                        signedIn is null ? TypedResults.NoContent() : transport.Answer(http, signedIn, body.Input.Value)
                    );
                }
            )
            .WithName(nameof(AnswerChallenge))
            .WithSummary("Answer a challenge")
            .WithDescription(
                "Starts the session of a sign-in (201), or proves again who is signed in (204; send the access token of the session that "
                    + "the challenge is for). A wrong answer uses one of five attempts and counts as a failed sign-in. "
                    + "So does a code that has expired (410): POST /v1/challenges/{id}/send sends another one."
            )
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 410, 422)
            .AllowAnonymous()
            .LimitBy(SignInArea.SignInLimit);

    internal sealed partial class Handler(
        Database database,
        SubjectKeys subjectKeys,
        Throttle throttle,
        CompleteSignIn completeSignIn,
        HomeTenants homes,
        IEnumerable<ISecondFactor> factors,
        SignInMetrics metrics,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        /// <param name="browser">What the browser holds that answers with a passkey; null for other clients.</param>
        /// <returns>Null where a session was proved again.</returns>
        public async Task<Outcome<SignedIn?>> HandleAsync(
            Guid id,
            Input<Request> input,
            Hash<PasskeyBrowser>? browser,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            if (string.IsNullOrEmpty(request.Factor))
                errors.Add("factor", ValidationCodes.Required);
            var typed = Read(request, browser, errors);
            if (errors.Any || typed is null)
                return RequestErrors.InvalidWith(errors);

            var home = await homes.OfAsync(actor, cancellationToken);
            var challenge = await database.QueryAsync(
                db => PendingChallenge.FindAsync(db, home.Tenant.Id, id, clock.GetUtcNow()),
                cancellationToken
            );
            if (challenge is null || !challenge.IsOf(actor))
                return FactorsErrors.ChallengeNotFound;
            var factor = challenge.Factors.Contains(request.Factor, StringComparer.Ordinal)
                ? factors.FirstOrDefault(one => one.Name == request.Factor)
                : null;
            if (factor is null)
            {
                errors.Add("factor", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", challenge.Factors))));
                return RequestErrors.InvalidWith(errors);
            }

            var target = challenge.SessionId is null
                ? throttle.Of(home, Throttle.Challenge, challenge.UserId.ToString(), challenge.UserId, challenge.DeviceId)
                : FreshAuthentication.TargetOf(throttle, home);
            var taken = await database.InTransactionAsync("challenge.throttle", tx => throttle.TakeAsync(tx, target), cancellationToken);
            if (taken.Error is { } throttled)
                return Rejected(throttled);
            if (await subjectKeys.FindAsync(challenge.UserId, CancellationToken.None) is not { } key)
                return Rejected(FactorsErrors.ChallengeNotFound);

            // The try is counted: who hangs up now changes nothing.
            var answer = new Answer(factor, typed, target, taken.Value, request.RememberDevice ?? false);
            var outcome = await database.InTransactionAsync(
                "challenge.answer",
                tx => AnswerAsync(tx, challenge.Id, answer, key, home),
                CancellationToken.None
            );
            if (outcome.Error is { } rejection)
                return Rejected(rejection);
            if (outcome.Value is { } signedIn)
                Log.SignedIn(logger, signedIn.User.Id, signedIn.Tokens.SessionId, factor.Name);
            return outcome;
        }

        private static FactorInput? Read(Request request, Hash<PasskeyBrowser>? browser, ValidationErrors errors)
        {
            if (request.Factor != SecondFactorNames.Passkey)
                return TextInput.Clean(request.Code, "code", MaxCode, errors) is { } code ? new FactorInput(code, Passkey: null) : null;
            var ceremony = CeremonyId.Parse(request.CeremonyId, "ceremonyId", errors);
            var credential = PasskeyCredential.Parse(request.Credential, "credential", errors);
            return ceremony is null || credential is null
                ? null
                : new FactorInput("", new PasskeyAnswer(ceremony.Value, credential, browser));
        }

        private Outcome<SignedIn?> Rejected(Error error)
        {
            metrics.SignInRejected(error.Code);
            return error;
        }

        private async Task<Outcome<SignedIn?>> AnswerAsync(Transaction tx, Guid id, Answer answer, SubjectKey key, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            // The user first, as everywhere; the challenge is read again under that lock.
            var user = await LockedUser.LockAsync(tx, tenant, key.Subject);
            var challenge = await PendingChallenge.FindAsync(tx, tenant, id, tx.Now);
            if (user is null || challenge is null || user.Row.IsLockedOut || challenge.CreatedAt <= user.Row.PasswordChangedAt)
                return FactorsErrors.ChallengeNotFound;
            // It may have been removed since the challenge began.
            if (
                !SecondFactorRules.Asked(user.Row.SecondFactors, actor.Tenant.Settings).Contains(answer.Factor.Name, StringComparer.Ordinal)
            )
                return FactorsErrors.ChallengeNotFound;
            var proof = answer.Count.IsClosed
                ? FactorProof.Wrong
                : await answer.Factor.ProveAsync(tx, user, key, challenge, answer.Input, actor);
            if (proof != FactorProof.Right)
                return await FailAsync(tx, user, challenge, answer, proof, actor);

            await throttle.ClearAsync(tx, answer.Target);
            await tx.ExecuteAsync("delete from identity.challenges where tenant_id = @tenant and id = @id", new { tenant, id });
            string[] proved = SecondFactorRules.Strengthens(answer.Factor.Name)
                ? [.. answer.Factor.Methods, AuthenticationMethods.Several]
                : [.. answer.Factor.Methods];
            if (challenge.SessionId is not null)
            {
                await FreshAuthentication.NoteAsync(tx, actor, proved);
                await user.SaveAsync(tx);
                return (SignedIn?)null;
            }

            var amr = challenge.Amr.Union(proved, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            var signedIn = await completeSignIn.BeginAsync(
                tx,
                user,
                key,
                actor,
                new FirstFactor(challenge.Method, amr),
                challenge.DeviceId
            );
            if (answer.RemembersDevice)
                await RememberedDevices.AddAsync(tx, user.Row, signedIn.DeviceId!.Value);
            await user.SaveAsync(tx);
            return signedIn;
        }

        private static async Task<Outcome<SignedIn?>> FailAsync(
            Transaction tx,
            LockedUser user,
            PendingChallenge challenge,
            Answer answer,
            FactorProof proof,
            Actor actor
        )
        {
            var left = challenge.AttemptsRemaining - 1;
            await tx.ExecuteAsync(
                left > 0
                    ? "update identity.challenges set attempts_remaining = @left where tenant_id = @TenantId and id = @Id"
                    : "delete from identity.challenges where tenant_id = @TenantId and id = @Id",
                new
                {
                    left,
                    challenge.TenantId,
                    challenge.Id,
                }
            );
            var error = (proof == FactorProof.Expired ? VerificationErrors.CodeExpired : VerificationErrors.CodeWrong).WithFact(
                "attemptsRemaining",
                left
            );
            user.Publish(
                tx,
                new UserSignInFailedV1
                {
                    UserId = user.Row.Id,
                    Method = answer.Factor.Name,
                    Failures = answer.Count.InARow,
                }
            );
            tx.Record(
                AuditRecord.Of(actor, "sign-in.failed").RefusedWith(error.Code).WithFact("factor", answer.Factor.Name) with
                {
                    Subject = user.Row.Id,
                }
            );
            await user.SaveAsync(tx);
            return error;
        }

        private sealed record Answer(
            ISecondFactor Factor,
            FactorInput Input,
            Throttle.Target Target,
            Throttle.Count Count,
            bool RemembersDevice
        );

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} signed in with {Factor} as second factor; session {SessionId}")]
            public static partial void SignedIn(ILogger logger, Guid userId, Guid sessionId, string factor);
        }
    }
}
