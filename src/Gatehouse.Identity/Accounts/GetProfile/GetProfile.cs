using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>Shows of a user what they let others see. Unknown names, former ones and those of closed accounts are answered alike.</summary>
internal static class GetProfile
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/profiles/{username}",
                async (string username, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(username, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(GetProfile))
            .WithSummary("Get a user's public profile")
            .WithDescription(
                "Returns what the user lets others see (publicFields of PATCH /v1/me). The response does not tell a hidden field from an "
                    + "empty one, nor an unknown username from a former one or one of a disabled account."
            )
            .Produces<ProfileCard>()
            .ProducesProblems(404)
            .RequireActor()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, PictureAddresses pictures, TimeProvider clock)
    {
        public async Task<Outcome<ProfileCard>> HandleAsync(string name, Actor actor, CancellationToken cancellationToken)
        {
            if (Username.Parse(name, "username", new ValidationErrors()) is not { } username)
                return AccountsErrors.ProfileNotFound;
            var user = await database.QueryAsync(
                db =>
                    db.FirstOrDefaultAsync<StoredUser>(
                        $"""
                        select {StoredUser.Columns} from identity.users
                         where tenant_id = @Id and username_key = @Key
                           and disabled_at is null and suspended_at is null and closed_at is null and unverified_until is null
                        """,
                        new { actor.Tenant.Id, username.Key }
                    ),
                cancellationToken
            );
            return user is not null && await subjectKeys.FindAsync(user.Id, cancellationToken) is { } key
                ? ProfileCard.Of(user.View(key, clock.GetUtcNow(), pictures), pictures)
                : AccountsErrors.ProfileNotFound;
        }
    }
}
