using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Shows a user the own passkeys, the oldest first.</summary>
internal static class ListPasskeys
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me/passkeys",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(page => TypedResults.Json(page))
            )
            .WithName(nameof(ListPasskeys))
            .WithSummary("List my passkeys")
            .WithDescription("Oldest first. All in one page: a user has at most 20.")
            .Produces<Page<PasskeyView>>()
            .RequireSignIn()
            .AllowBeforeEnrollment();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys)
    {
        public async Task<Outcome<Page<PasskeyView>>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            var user = actor.RequiredUser.Id;
            // Without a key the token outlived the account by a moment.
            if (await subjectKeys.FindAsync(user, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            var passkeys = await database.QueryAsync(db => StoredPasskey.ListAsync(db, actor.Tenant.Id, user), cancellationToken);
            return new Page<PasskeyView> { Items = [.. passkeys.Select(passkey => passkey.View(key))], Next = null };
        }

        /// <summary>One of them; null if it is not the user's.</summary>
        public async Task<PasskeyView?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var user = actor.RequiredUser.Id;
            if (await subjectKeys.FindAsync(user, cancellationToken) is not { } key)
                return null;
            var passkey = await database.QueryAsync(db => StoredPasskey.FindAsync(db, actor.Tenant.Id, user, id), cancellationToken);
            return passkey?.View(key);
        }
    }
}
