using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Sets a new password for who has the code or the link, and signs nobody in.
/// <para>Flow: parse, rules that hold for everybody, hash → one transaction: lock the reset → evaluate the code or link (ResetRules) →
/// count a wrong try, or lock the user → rules about the user, which leave the proof good for another try → password, sessions ended,
/// throttle cleared, events.</para>
/// <para>Publishes <c>credential.changed.v1</c>, <c>session.revoked.v1</c>, <c>user.verified.v1</c> and
/// <c>notification.requested.v1</c>.</para>
/// <para>Does not reveal whether the identifier has an account: without the proof the work and the answers are the same.</para>
/// </summary>
internal static partial class CompletePasswordReset
{
    public sealed record Request
    {
        [Description("The digits of the code. Send either the code or the token.")]
        [MaxLength(10)]
        public string? Code { get; init; }

        [Description("The token of the link. Send either the token or the code.")]
        [MaxLength(64)]
        public string? Token { get; init; }

        [Description("The new password. The same rules apply as at registration.")]
        [Required, MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/password-resets/{id:guid}/complete",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(CompletePasswordReset))
            .WithSummary("Complete a password reset")
            .WithDescription(
                "Ends all sessions and does not sign in. A wrong code uses one of three attempts; a rejected password does not."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409, 410, 422)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        ResetVerification purpose,
        SubjectKeys subjectKeys,
        NewPasswords newPasswords,
        PasswordRules passwordRules,
        PasswordHasher hasher,
        UserSessions sessions,
        Throttle throttle,
        AccountNotice notice,
        ResetMetrics metrics,
        ILogger<Handler> logger
    )
    {
        /// <returns>Whose password it is.</returns>
        public async Task<Outcome<Guid>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var proof = VerificationInput.Parse(request.Code, request.Token, purpose.CodeDigits, errors);
            var typed = PasswordInput.Parse(request.Password, "password", errors);
            var password = typed is null
                ? null
                : await newPasswords.AcceptAsync(
                    typed,
                    // Whose it is, and so how long it must be, is known with the proof.
                    new PasswordContext(actor.Tenant.DisplayName) { IsOnlyFactor = null },
                    "password",
                    errors,
                    actor,
                    cancellationToken
                );
            if (errors.Any || proof is null || typed is null || password is null)
                return RequestErrors.InvalidWith(errors);

            // Before anything is known of the proof: the work must not tell, and hashing must not hold a row.
            var hash = await hasher.HashAsync(password, actor.Client, cancellationToken);
            if (hash.Error is { } busy)
                return busy;

            var outcome = await database.InTransactionAsync(
                "password-reset.complete",
                tx => CompleteAsync(tx, id, proof, typed, hash.Value, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
            {
                metrics.ResetRefused(error.Code);
                Log.Refused(logger, id, error.Code);
                return error;
            }

            await verifications.DestroyKeyAsync(id);
            metrics.ResetCompleted(proof.Method);
            Log.Completed(logger, id, outcome.Value);
            return outcome;
        }

        private async Task<Outcome<Guid>> CompleteAsync(
            Transaction tx,
            Guid id,
            VerificationInput proof,
            PasswordInput typed,
            PasswordHash hash,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var step = await verifications.TryAsync(tx, purpose, actor.Tenant.Id, id, proof);
            var outcome = step.Rejection ?? await ChangeAsync(tx, step.Pending!, proof, typed, hash, actor, cancellationToken);
            var record = AuditRecord.Of(actor, outcome.Succeeded ? "password.reset" : "password.reset-refused") with
            {
                Subject = step.Pending?.UserId,
            };
            tx.Record(
                (outcome.Error is { } error ? record.RefusedWith(error.Code) : record)
                    .WithFact("reset", id.ToString())
                    .WithFact("method", proof.Method)
            );
            return outcome;
        }

        private async Task<Outcome<Guid>> ChangeAsync(
            Transaction tx,
            PendingVerification reset,
            VerificationInput proof,
            PasswordInput typed,
            PasswordHash hash,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            // Who is here has the proof. It may have been superseded: the user erased or disabled, or the password changed in another way
            // meanwhile.
            var user = reset.UserId is { } id ? await LockedUser.LockAsync(tx, reset.TenantId, id) : null;
            var key = user is null ? null : await subjectKeys.FindAsync(user.Row.Id, cancellationToken);
            if (user is null || key is null || user.Row.IsLockedOut || reset.IsSupersededFor(user.Row))
                return RecoveryErrors.ResetSuperseded;

            if (passwordRules.Validate(typed, user.Row.PasswordContext(actor.Tenant, key), "password") is { } error)
                return RequestErrors.Invalid.With([error]);

            // What was typed is where the message went; a username says nothing of that.
            var kind = reset.Read(ResetPayloadJson.Default.ResetPayload).Kind;
            await SetAsync(tx, user, hash, passwordRules.IsShort(typed), kind);
            await verifications.CompleteAsync(tx, reset);
            await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.PasswordChanged);
            await throttle.ClearPasswordsAsync(tx, reset.TenantId, user.Row.Id);
            if (kind == Users.EmailKind ? user.Row.EmailVerifiedAt is null : kind == Users.PhoneKind && user.Row.PhoneVerifiedAt is null)
                PublishVerified(tx, user, kind, proof, actor);
            Publish(tx, user, key, actor);
            await user.SaveAsync(tx);
            return user.Row.Id;
        }

        private static Task<int> SetAsync(Transaction tx, LockedUser user, PasswordHash hash, bool isShort, string typed) =>
            tx.ExecuteAsync(
                """
                update identity.users set password_hash = @hash, password_is_short = @isShort, password_changed_at = @now,
                       email_verified_at = case when @Email then coalesce(email_verified_at, @now) else email_verified_at end,
                       phone_verified_at = case when @Phone then coalesce(phone_verified_at, @now) else phone_verified_at end
                 where tenant_id = @TenantId and id = @Id
                """,
                new
                {
                    hash,
                    isShort,
                    now = tx.Now,
                    Email = typed == Users.EmailKind,
                    Phone = typed == Users.PhoneKind,
                    user.Row.TenantId,
                    user.Row.Id,
                }
            );

        private void Publish(Transaction tx, LockedUser user, SubjectKey key, Actor actor)
        {
            user.Publish(
                tx,
                new CredentialChangedV1
                {
                    UserId = user.Row.Id,
                    Credential = "password",
                    Reason = "reset",
                }
            );
            notice.Request(tx, user, key, RecoveryArea.PasswordChangedTemplate, actor.Device);
        }

        private static void PublishVerified(Transaction tx, LockedUser user, string kind, VerificationInput proof, Actor actor)
        {
            user.Publish(
                tx,
                new UserVerifiedV1
                {
                    UserId = user.Row.Id,
                    Channel = kind,
                    Method = proof.Method,
                }
            );
            tx.Record(
                (AuditRecord.Of(actor, "user.verified") with { Subject = user.Row.Id })
                    .WithFact("channel", kind)
                    .WithFact("method", proof.Method)
            );
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Password reset {ResetId} set a new password for user {UserId}")]
            public static partial void Completed(ILogger logger, Guid resetId, Guid userId);

            [LoggerMessage(2, LogLevel.Information, "Password reset {ResetId} was not completed: {Code}")]
            public static partial void Refused(ILogger logger, Guid resetId, string code);
        }
    }
}
