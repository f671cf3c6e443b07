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
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Takes all second factors off a user who lost them: authenticator app, passkeys, codes by text message and mail, recovery codes and
/// remembered devices. All sessions end, and the user is told. Whoever does it has made sure who asks; the reason says how.
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
                    + "sessions and tells the user. Nobody resets their own, or those of a user whose roles allow more than the own ones."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(
        Database database,
        ManagedUsers users,
        SubjectKeys subjectKeys,
        UserSessions sessions,
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
                ? await database.InTransactionAsync("user.reset-factors", tx => ResetAsync(tx, key, reason, actor), cancellationToken)
                : AdministrationErrors.UserNotFound;
        }

        private async Task<Outcome<int>> ResetAsync(Transaction tx, SubjectKey key, ResetReason reason, Actor actor)
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
            var ended = await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.EndedByAdministrator);
            await user.SaveAsync(tx);
            return ended;
        }

        private static Task<int> RemoveAsync(Transaction tx, StoredUser user, EncryptedValue<ResetReason> reason, Actor actor) =>
            tx.ExecuteAsync(
                """
                with apps as (delete from identity.totp where tenant_id = @TenantId and user_id = @Id),
                     passkeys as (delete from identity.passkeys where tenant_id = @TenantId and user_id = @Id),
                     sent as (delete from identity.sent_code_factors where tenant_id = @TenantId and user_id = @Id),
                     codes as (delete from identity.recovery_codes where tenant_id = @TenantId and user_id = @Id),
                     devices as (delete from identity.remembered_devices where tenant_id = @TenantId and user_id = @Id)
                update identity.users
                   set second_factors = '{}', second_factors_reset_at = @Now, second_factors_reset_by = @by,
                       second_factors_reset_reason = @reason
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
