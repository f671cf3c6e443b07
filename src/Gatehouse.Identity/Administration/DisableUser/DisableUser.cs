using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Locks a user out: all sessions end with it, and a sign-in, a refresh and a password reset are answered as if the password, the token or
/// the code were wrong, until <see cref="EnableUser"/>.
/// <para>Publishes <c>user.disabled.v1</c> if the user was active, and <c>session.revoked.v1</c> for each session.</para>
/// </summary>
internal static class DisableUser
{
    public sealed record Request
    {
        [Description("Why, for administrators. The user does not see it.")]
        [MaxLength(DisabledReason.MaxLength)]
        public string? Reason { get; init; }

        public override string ToString() => "[reason]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/disable",
                async (Guid id, OptionalJsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DisableUser))
            .WithSummary("Disable a user")
            .WithDescription(
                "Ends all sessions. The user cannot sign in or reset the password; nobody else is told. Repeating it changes nothing. "
                    + "Nobody disables their own account, or a user whose roles allow more than the own ones."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    /// <param name="SessionsEnded">None for a user that was disabled before.</param>
    internal sealed record Done(int SessionsEnded);

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, ManagedUsers users, UserSessions sessions)
    {
        public async Task<Outcome<Done>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var reason = DisabledReason.ParseOptional(request.Reason, "reason", errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (id == actor.User?.Id)
                return AdministrationErrors.OwnAccount;
            if (await users.RejectChangeAsync(id, actor, "user.disabled", cancellationToken) is { } rejection)
                return rejection;
            // Without a key there is nobody to keep a reason for.
            var key = reason is null ? null : await subjectKeys.FindAsync(id, cancellationToken);
            return await database.InTransactionAsync(
                "user.disable",
                tx => DisableAsync(tx, id, reason is null ? null : key?.Encrypt(reason), actor),
                cancellationToken
            );
        }

        private async Task<Outcome<Done>> DisableAsync(Transaction tx, Guid id, EncryptedValue<DisabledReason>? reason, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            if (user.Row.DisabledAt is not null)
                return new Done(0);
            await tx.ExecuteAsync(
                """
                update identity.users set disabled_at = @Now, disabled_by = @by, disabled_reason = @reason
                 where tenant_id = @TenantId and id = @id
                """,
                new
                {
                    tx.Now,
                    by = actor.RequiredId,
                    reason,
                    user.Row.TenantId,
                    id,
                }
            );
            user.Publish(tx, new UserDisabledV1 { UserId = id });
            tx.Record(AuditRecord.Of(actor, "user.disabled") with { Subject = id });
            var ended = await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.Disabled);
            await user.SaveAsync(tx);
            return new Done(ended);
        }
    }
}
