using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Takes a user's password away: the sessions end, and until the user chose a new one by the mail that goes out with it, or by a reset of
/// their own, no password signs in. Resets that were begun before are void.
/// <para>Publishes <c>credential.changed.v1</c>, <c>session.revoked.v1</c> and, by its job, <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ForcePasswordReset
{
    public const string Template = "password-reset-required";

    public sealed record Response
    {
        [Description("False if the account has no verified e-mail address or phone number, or is disabled: nothing is sent.")]
        public required bool MailRequested { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/password-reset",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(done => TypedResults.Json(done))
            )
            .WithName(nameof(ForcePasswordReset))
            .WithSummary("Force a password reset")
            .WithDescription(
                "Removes the password, ends all sessions and sends the user a link to choose a new one, "
                    + "within the daily limit of messages."
            )
            .Produces<Response>()
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers)
            .RequireFresh();

    internal sealed class Handler(
        Database database,
        ManagedUsers users,
        SubjectKeys subjectKeys,
        UserSessions sessions,
        PasswordResets resets
    )
    {
        private const string Action = "password.reset-forced";

        public async Task<Outcome<Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            if (await users.RejectChangeAsync(id, actor, Action, cancellationToken) is { } rejection)
                return rejection;
            if (!actor.Tenant.Settings.SignsInByPassword)
                return SignInErrors.ModeOff;
            var key = await subjectKeys.FindAsync(id, cancellationToken);
            return key is null
                ? AdministrationErrors.UserNotFound
                : await database.InTransactionAsync(
                    "user.force-reset",
                    tx => ForceAsync(tx, key, actor, cancellationToken),
                    cancellationToken
                );
        }

        private async Task<Outcome<Response>> ForceAsync(Transaction tx, SubjectKey key, Actor actor, CancellationToken cancellationToken)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { } user)
                return AdministrationErrors.UserNotFound;
            await PasswordResets.RemovePasswordAsync(tx, user);
            await sessions.EndAllAsync(tx, user, actor, except: null, SessionEnd.EndedByAdministrator);
            var record = AuditRecord.Of(actor, Action) with { Subject = user.Row.Id };
            var address = user.Row.IsLockedOut ? null : user.Row.OpenResetContact(key, actor.Tenant.Settings);
            if (address is not null)
            {
                var identifier = Identifier.Of(address);
                var reset = await resets.BeginAsync(tx, identifier, Template, actor, cancellationToken);
                record = record.WithFact("reset", reset.Id.ToString());
            }

            tx.Record(record);
            await user.SaveAsync(tx);
            return new Response { MailRequested = address is not null };
        }
    }
}
