using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Signs a user in by e-mail address, phone number or username and password.
/// <para>Flow: parse → captcha → find the account → count the try (Throttle) → verify the password, outside any transaction → one
/// transaction: lock the user, begin the session, or note the failure.</para>
/// <para>Publishes <c>user.signed-in.v1</c> and <c>session.started.v1</c>, or <c>user.sign-in-failed.v1</c>; nothing where a second factor
/// is due.</para>
/// <para>Does not reveal whether the identifier has an account: an unknown one is counted, costs as much hashing and is noted alike.</para>
/// </summary>
internal static partial class SignInWithPassword
{
    public sealed record Request : ITokenRequest
    {
        [Description("E-mail address, phone number or username.")]
        [Required, MaxLength(EmailAddress.MaxLength)]
        public string? Identifier { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        [Description("The password, 1 to 128 characters.")]
        [Required, MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }

        [Description(CaptchaGuard.Description)]
        [MaxLength(CaptchaGuard.MaxToken)]
        public string? CaptchaToken { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/sessions",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted);
                    return outcome.ToResult(step => transport.Answer(http, step, body.Input.Value));
                }
            )
            .WithName(nameof(SignInWithPassword))
            .WithSummary("Sign in with a password")
            .WithDescription(
                "Starts a session, or answers 200 with a challenge where a second factor is due. "
                    + "The response to a failed sign-in does not reveal whether the identifier has an account."
            )
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .Produces<ChallengeResponse>()
            .ProducesProblems(401, 403)
            .AllowAnonymous()
            .LimitBy(SignInArea.SignInLimit)
            .AcceptDeviceToken();

    internal sealed partial class Handler(
        Database database,
        CaptchaGuard captcha,
        SubjectKeys subjectKeys,
        BlindIndex blindIndex,
        ServerKeys serverKeys,
        PasswordHasher hasher,
        Throttle throttle,
        FailedAttemptCounts failedAttempts,
        CompleteSignIn completeSignIn,
        SignInMetrics metrics,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<SignInStep>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByPassword)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            var identifier = Identifier.Parse(request.Identifier, request.Region, "identifier", errors);
            var password = PasswordInput.Parse(request.Password, "password", errors);
            if (errors.Any || identifier is null || password is null)
                return RequestErrors.InvalidWith(errors);
            if (
                await GuardingAsync(identifier, actor, cancellationToken) is { } guarding
                && await captcha.CheckAsync(guarding, request.CaptchaToken, errors, actor, cancellationToken) is { } unproved
            )
                return unproved;

            var user = await database.QueryAsync(db => identifier.FindAsync(db, actor.Tenant.Id, blindIndex), cancellationToken);
            var device = DeviceToken.Read(
                serverKeys.Get(ServerKeys.Devices),
                actor.DeviceToken,
                actor.Tenant.Id,
                user?.Id ?? Guid.Empty,
                user?.PasswordChangedAt
            );
            var target = throttle.Of(actor, identifier.Kind, identifier.Key, user?.Id, device?.DeviceId);
            var attempt = new Attempt(user?.Id, user?.SignInHash, target, device?.DeviceId);

            var taken = await database.InTransactionAsync("sign-in.throttle", tx => TakeAsync(tx, attempt, actor), cancellationToken);
            if (taken.Error is { } throttled)
            {
                metrics.SignInRejected(throttled.Code);
                return throttled;
            }

            // The try is counted: from here on who hangs up changes nothing, and nothing goes unrecorded.
            var outcome = await EvaluateAsync(identifier, password, attempt, actor, taken.Value);
            if (outcome.Error is { } rejection)
                metrics.SignInRejected(rejection.Code);
            else if (outcome.Value is SignedIn signedIn)
                Log.SignedIn(logger, signedIn.User.Id, signedIn.Tokens.SessionId);
            return outcome;
        }

        /// <summary>The operation whose captcha is asked for; null for none. Failures count alike with and without an account.</summary>
        private async Task<string?> GuardingAsync(Identifier identifier, Actor actor, CancellationToken cancellationToken) =>
            captcha.Guards(CaptchaOperation.SignIn) ? CaptchaOperation.SignIn
            : captcha.Guards(CaptchaOperation.SignInAfterFailures)
            && await failedAttempts.HasFailedAsync(identifier, actor, cancellationToken)
                ? CaptchaOperation.SignInAfterFailures
            : null;

        private async Task<Outcome<SignInStep>> EvaluateAsync(
            Identifier identifier,
            PasswordInput password,
            Attempt attempt,
            Actor actor,
            Throttle.Count count
        )
        {
            var cancellationToken = CancellationToken.None;
            while (true)
            {
                var verified = await hasher.MatchAsync(attempt.Hash, password, actor.Client, cancellationToken, mayOpen: !count.IsClosed);
                if (verified.Error is { } busy)
                {
                    await database.InTransactionAsync("sign-in.forget", tx => Forget(tx, attempt.Target), CancellationToken.None);
                    return busy;
                }

                var opens = verified.Value != PasswordMatch.None;
                var key = opens ? await subjectKeys.FindAsync(attempt.User!.Value, cancellationToken) : null;
                var rehash =
                    opens && (verified.Value == PasswordMatch.Former || hasher.NeedsRehash(attempt.Hash!))
                        ? await hasher.RehashAsync(password, actor.Client, cancellationToken)
                        : null;
                var outcome = await database.InTransactionAsync(
                    "sign-in",
                    tx => opens ? SignInAsync(tx, attempt, actor, key, rehash) : FailAsync(tx, attempt, actor, count.InARow),
                    cancellationToken
                );
                if (outcome is { } settled)
                    return settled;

                // The password was changed, or rehashed by another sign-in, or the user disabled, while this one was verified: what the
                // row says now decides.
                var user = await database.QueryAsync(db => identifier.FindAsync(db, actor.Tenant.Id, blindIndex), cancellationToken);
                attempt = attempt with { Hash = user?.Id == attempt.User ? user?.SignInHash : null };
            }
        }

        private async Task<Outcome<Throttle.Count>> TakeAsync(Transaction tx, Attempt attempt, Actor actor)
        {
            var taken = await throttle.TakeAsync(tx, attempt.Target);
            if (taken.Error is { } error)
                tx.Record(AuditRecord.Of(actor, "sign-in.throttled").RefusedWith(error.Code) with { Subject = attempt.User });
            return taken;
        }

        private static async Task<bool> Forget(Transaction tx, Throttle.Target target)
        {
            await Throttle.ForgetAsync(tx, target);
            return true;
        }

        /// <returns>Null when the password verified is not the account's any more.</returns>
        private async Task<Outcome<SignInStep>?> SignInAsync(
            Transaction tx,
            Attempt attempt,
            Actor actor,
            SubjectKey? key,
            PasswordHash? rehash
        )
        {
            var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, attempt.User!.Value);
            if (user is null || user.Row.SignInHash != attempt.Hash)
                return null;

            await throttle.ClearAsync(tx, attempt.Target);
            var step = await completeSignIn.CompleteAsync(tx, user, key, actor, FirstFactor.Password, attempt.Device);
            if (rehash is not null)
            {
                await tx.ExecuteAsync(
                    "update identity.users set password_hash = @rehash where tenant_id = @TenantId and id = @Id",
                    new
                    {
                        rehash,
                        user.Row.TenantId,
                        user.Row.Id,
                    }
                );
                tx.AfterCommit(metrics.PasswordRehashed);
            }

            await user.SaveAsync(tx);
            return step;
        }

        /// <summary>The same statements whether or not there is an account: without one the version of nobody is raised.</summary>
        private static async Task<Outcome<SignInStep>?> FailAsync(Transaction tx, Attempt attempt, Actor actor, int failures)
        {
            var version = await tx.FirstOrDefaultAsync<long?>(
                "update identity.users set version = version + 1 where tenant_id = @tenant and id = @user returning version",
                new { tenant = actor.Tenant.Id, user = attempt.User ?? Guid.Empty }
            );
            var key = attempt.User ?? new Guid(attempt.Target.Subject.ToStored().AsSpan(0, 16));
            tx.Publish(
                actor.Tenant.Id,
                key,
                new UserSignInFailedV1
                {
                    UserId = attempt.User,
                    Method = FirstFactor.Password.Method,
                    Failures = failures,
                },
                version
            );
            tx.Record(
                AuditRecord.Of(actor, "sign-in.failed").RefusedWith(SignInErrors.InvalidCredentials.Code) with
                {
                    Subject = attempt.User,
                }
            );
            return SignInErrors.InvalidCredentials;
        }

        /// <param name="Hash">The stored hash that was verified against; null where there is no account, no password, or a disabled
        /// user.</param>
        private sealed record Attempt(Guid? User, PasswordHash? Hash, Throttle.Target Target, Guid? Device);

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} signed in; session {SessionId}")]
            public static partial void SignedIn(ILogger logger, Guid userId, Guid sessionId);
        }
    }
}
