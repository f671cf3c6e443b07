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
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// Lets a signed-in user choose another password.
/// <para>Flow: was it changed lately → parse, rules, breach check → prove the current one, which the throttle counts → hash → one
/// transaction: lock the user → password, other sessions ended, event, notice.</para>
/// <para>Publishes <c>credential.changed.v1</c>, <c>session.revoked.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static partial class ChangePassword
{
    public sealed record Request
    {
        [Description("The current password. Left out by an account without one, whose session must be authenticated lately instead.")]
        [MaxLength(PasswordInput.MaxLength), DataType(DataType.Password)]
        public string? CurrentPassword { get; init; }

        [Description("The new password. The same rules apply as at registration, and it must differ from the current one.")]
        [Required, MaxLength(PasswordInput.MaxLength)]
        public string? NewPassword { get; init; }

        public override string ToString() => "[passwords]";
    }

    public sealed record Response
    {
        [Description("Replaces the device token that this device holds: a new password makes every other device unknown.")]
        public required string DeviceToken { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/password",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(device =>
                    {
                        http.RememberDevice(device);
                        return TypedResults.Json(new Response { DeviceToken = device });
                    })
            )
            .WithName(nameof(ChangePassword))
            .WithSummary("Change my password")
            .WithDescription(
                "Ends all other sessions. Possible once in 24 hours, which a reset counts for, too; a reset itself is possible at any time."
            )
            .Produces<Response>()
            .ProducesProblems(403, 429)
            .RequireSignIn()
            .LimitBy(CredentialsArea.ChangeLimit)
            .AcceptDeviceToken();

    internal sealed partial class Handler(
        Database database,
        SubjectKeys subjectKeys,
        ServerKeys serverKeys,
        NewPasswords newPasswords,
        PasswordRules rules,
        PasswordHasher hasher,
        FreshAuthentication fresh,
        UserSessions sessions,
        AccountNotice notice,
        CredentialOptions options,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        /// <returns>The new token of the device.</returns>
        public async Task<Outcome<string>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByPassword)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            var id = actor.RequiredUser.Id;
            var user = await database.QueryAsync(db => StoredUser.FindAsync(db, actor.Tenant.Id, id), cancellationToken);
            var key = await subjectKeys.FindAsync(id, cancellationToken);
            // The token outlived the account by a moment.
            if (user is null || key is null)
                return RequestErrors.Unauthenticated;
            if (ChangeRules.EvaluatePassword(user, options, clock.GetUtcNow()) is { } early)
                return early;

            // Who has a second factor proves by it, not by the password that may have been stolen with the session.
            var hasOther = await fresh.AsksOtherAsync(actor, cancellationToken);
            var current =
                user.PasswordHash is null || hasOther ? null : PasswordInput.Parse(request.CurrentPassword, "currentPassword", errors);
            var typed = PasswordInput.Parse(request.NewPassword, "newPassword", errors);
            if (typed is not null && current?.Reveal() == typed.Reveal())
                errors.Add("newPassword", CredentialsErrors.PasswordUnchanged);
            var accepted = typed is null
                ? null
                : await newPasswords.AcceptAsync(
                    typed,
                    user.PasswordContext(actor.Tenant, key),
                    "newPassword",
                    errors,
                    actor,
                    cancellationToken
                );
            if (errors.Any || accepted is null)
                return RequestErrors.InvalidWith(errors);

            var rejection = current is null
                ? await fresh.RequireAsync(actor, cancellationToken)
                : await fresh.ProveAsync(actor, current, "currentPassword", cancellationToken);
            if (rejection is not null)
                return rejection;
            var hash = await hasher.HashAsync(accepted, actor.Client, cancellationToken);
            if (hash.Error is { } busy)
                return busy;

            var outcome = await database.InTransactionAsync(
                "password.change",
                tx => ChangeAsync(tx, user, key, new NewPassword(hash.Value, rules.IsShort(typed!)), actor),
                cancellationToken
            );
            if (outcome.Succeeded)
                Log.Changed(logger, id);
            return outcome;
        }

        /// <param name="proved">The user whose password was proved.</param>
        private async Task<Outcome<string>> ChangeAsync(
            Transaction tx,
            StoredUser proved,
            SubjectKey key,
            NewPassword password,
            Actor actor
        )
        {
            var own = actor.RequiredUser.SessionId;
            var user = await LockedUser.LockAsync(tx, proved.TenantId, proved.Id);
            var session = await UserSession.FindAsync(tx, proved.TenantId, own);
            // Whatever changed the password meanwhile without ending this session was another change from it.
            if (user is null || user.Row.IsLockedOut || session is not { EndedAt: null })
                return RequestErrors.Unauthenticated;
            // The factor that made it long enough may be gone.
            if (password.IsShort && !SecondFactorRules.AllowsShortPassword(user.Row.SecondFactors, actor.Tenant.Settings))
                return RequestErrors.Invalid.With([new FieldError { Field = "newPassword", Code = PasswordRules.TooShort }]);
            if (user.Row.PasswordChangedAt != proved.PasswordChangedAt)
                return CredentialsErrors.PasswordChangedRecently.After(TimeSpan.FromHours(options.HoursBetweenPasswordChanges));

            var devices = serverKeys.Get(ServerKeys.Devices);
            var known = DeviceToken.Read(devices, actor.DeviceToken, proved.TenantId, proved.Id, proved.PasswordChangedAt);
            await tx.ExecuteAsync(
                """
                update identity.users set password_hash = @Hash, password_is_short = @IsShort, password_changed_at = @Now
                 where tenant_id = @TenantId and id = @Id
                """,
                new
                {
                    password.Hash,
                    password.IsShort,
                    tx.Now,
                    proved.TenantId,
                    proved.Id,
                }
            );
            await sessions.EndAllAsync(tx, user, actor, except: own, SessionEnd.PasswordChanged);
            user.Publish(
                tx,
                new CredentialChangedV1
                {
                    UserId = proved.Id,
                    Credential = "password",
                    Reason = "changed",
                }
            );
            notice.Request(tx, user, key, RecoveryArea.PasswordChangedTemplate, actor.Device);
            tx.Record(AuditRecord.Of(actor, "password.changed") with { Subject = proved.Id });
            await user.SaveAsync(tx);
            return DeviceToken.Issue(
                devices,
                proved.TenantId,
                proved.Id,
                known?.DeviceId ?? Guid.CreateVersion7(tx.Now),
                passwordChangedAt: tx.Now
            );
        }

        /// <param name="IsShort">Whether it may stand only beside a second factor.</param>
        private readonly record struct NewPassword(PasswordHash Hash, bool IsShort);

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} changed the password")]
            public static partial void Changed(ILogger logger, Guid userId);
        }
    }
}
