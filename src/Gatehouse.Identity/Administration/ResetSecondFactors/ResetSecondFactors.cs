using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Takes all second factors off a user who lost them: authenticator app, passkeys, codes by text message and mail, recovery codes and
/// remembered devices. All sessions end, and the user is told. A password that is too short to stand alone goes, too, and a message to
/// choose another one is sent. Whoever does it has made sure who asks; the reason says how.
/// <para>Publishes <c>credential.changed.v1</c> for each, <c>session.revoked.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ResetSecondFactors
{
    public sealed record Request
    {
        [Description("Why, for administrators, such as how the user was identified. The user does not see it.")]
        [Required, MaxLength(ResetReason.MaxLength)]
        public string? Reason { get; init; }

        public override string ToString() => "[reason]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/second-factors/reset",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ResetSecondFactors))
            .WithSummary("Reset a user's second factors")
            .WithDescription(
                "Removes authenticator app, passkeys, codes by text message and e-mail, recovery codes and remembered devices, ends all "
                    + "sessions and tells the user. A password that is too short to stand alone is removed, too, and a link to choose "
                    + "another one is sent. Nobody resets their own, or those of a user whose roles allow more than the own ones."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers)
            .RequireFresh();

    internal sealed class Handler(
        Database database,
        ManagedUsers users,
        SubjectKeys subjectKeys,
        UserSessions sessions,
        PasswordResets resets,
        SecurityNotice notice
    )
    {
        private const string Action = "second-factors.reset";

        /// <returns>How many sessions ended.</returns>
        public async Task<Outcome<int>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var reason = ResetReason.Parse(request.Reason, "reason", errors);
            if (errors.Any || reason is null)
                return RequestErrors.InvalidWith(errors);
            if (id == actor.User?.Id)
                return AdministrationErrors.OwnAccount;
            if (await users.RejectChangeAsync(id, actor, Action, cancellationToken) is { } rejection)
                return rejection;
            return await subjectKeys.FindAsync(id, cancellationToken) is { } key
                ? await database.InTransactionAsync(
                    "user.reset-factors",
                    tx => ResetAsync(tx, key, reason, actor, cancellationToken),
                    cancellationToken
                )
                : AdministrationErrors.UserNotFound;
        }

        private async Task<Outcome<int>> ResetAsync(
            Transaction tx,
            SubjectKey key,
            ResetReason reason,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { } user)
                return AdministrationErrors.UserNotFound;
            var hasPasskey = await tx.SingleAsync<bool>(
                "select exists (select from identity.passkeys where tenant_id = @TenantId and user_id = @Id)",
                new { user.Row.TenantId, user.Row.Id }
            );
            string[] lost = hasPasskey ? [.. user.Row.SecondFactors.Union([SecondFactorNames.Passkey])] : user.Row.SecondFactors;
            if (lost is [])
                return FactorsErrors.NoneAdded;

            await RemoveAsync(tx, user.Row, key.Encrypt(reason), actor);
            foreach (var credential in lost)
                user.Publish(
                    tx,
                    new CredentialChangedV1
                    {
                        UserId = user.Row.Id,
                        Credential = credential,
                        Reason = "removed",
                    }
                );
            tx.Record(AuditRecord.Of(actor, Action).WithFact("factors", string.Join(' ', lost)) with { Subject = user.Row.Id });
            notice.Request(tx, user, key, "second-factors-reset", device: "");
            if (user.Row.PasswordIsShort)
                await ReplacePasswordAsync(tx, user, key, actor, cancellationToken);
            var ended = await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.EndedByAdministrator);
            await user.SaveAsync(tx);
            return ended;
        }

        private async Task ReplacePasswordAsync(
            Transaction tx,
            LockedUser user,
            SubjectKey key,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            await PasswordResets.RemovePasswordAsync(tx, user);
            // No number is a second factor any more.
            await user.ReloadAsync(tx);
            if (
                !user.Row.IsLockedOut
                && actor.Tenant.Settings.SignsInByPassword
                && user.Row.OpenResetContact(key, actor.Tenant.Settings) is { } contact
            )
                await resets.BeginAsync(tx, Identifier.Of(contact), ForcePasswordReset.Template, actor, cancellationToken);
        }

        private static async Task RemoveAsync(Transaction tx, StoredUser user, EncryptedValue<ResetReason> reason, Actor actor)
        {
            await UserRows.RemoveFactorsAsync(tx, user.TenantId, user.Id);
            await tx.ExecuteAsync(
                """
                update identity.users
                   set second_factors_reset_at = @Now, second_factors_reset_by = @by, second_factors_reset_reason = @reason
                 where tenant_id = @TenantId and id = @Id
                """,
                new
                {
                    tx.Now,
                    by = actor.RequiredId,
                    reason,
                    user.TenantId,
                    user.Id,
                }
            );
        }
    }
}
