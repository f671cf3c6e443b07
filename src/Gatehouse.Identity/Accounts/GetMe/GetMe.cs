using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>Shows a user the own account.</summary>
internal static class GetMe
{
    public static void Map(IEndpointRouteBuilder v1) => v1
        .MapGet("/me", async (Handler handler, HttpContext http) =>
            (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(user => TypedResults.Json(user)))
        .WithName(nameof(GetMe))
        .WithSummary("Get my account")
        .WithDescription("Returns the account of the signed-in user.")
        .Produces<UserView>()
        .RequireSignIn();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys)
    {
        // The one read that every page and service repeats: under load many share a statement.
        private readonly BatchedReads<(Guid Tenant, Guid Id), StoredUser> users = new(async (people, cancellationToken) =>
            (await database.QueryAsync(db => StoredUser.ListAsync(db, people), cancellationToken)).ToDictionary(user => (user.TenantId, user.Id)));

        public async Task<Outcome<UserView>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            var id = actor.RequiredUser.Id;
            var user = await users.FindAsync((actor.Tenant.Id, id), cancellationToken);
            // The token outlived the account by a moment.
            if (user is null) return RequestErrors.Unauthenticated;
            return user.View(await subjectKeys.FindAsync(id, cancellationToken));
        }
    }
}
