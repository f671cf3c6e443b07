using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// Takes the phone number off the own account, unless nothing would be left to sign in with.
/// <para>Publishes <c>user.phone-changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class RemovePhone
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/phone",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemovePhone))
            .WithSummary("Remove my phone number")
            .WithDescription("Also gives up a change that waits.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 409)
            .RequireSignIn()
            .LimitBy(CredentialsArea.ChangeLimit)
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, UserContacts contacts)
    {
        /// <returns>Whose number it was.</returns>
        public async Task<Outcome<Guid>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            // Without a key the token outlived the account by a moment.
            return await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is { } key
                ? await database.InTransactionAsync("phone.remove", tx => RemoveAsync(tx, key, actor), cancellationToken)
                : RequestErrors.Unauthenticated;
        }

        private async Task<Outcome<Guid>> RemoveAsync(Transaction tx, SubjectKey key, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { Row.IsLockedOut: false } user)
                return RequestErrors.Unauthenticated;
            if (ChangeRules.EvaluatePhoneRemoval(user.Row, actor.Tenant.Settings) is { } rejection)
                return rejection;
            if (await contacts.RemovePhoneAsync(tx, user, key, actor) is { } held)
                return held;
            await user.SaveAsync(tx);
            return key.Subject;
        }
    }
}
