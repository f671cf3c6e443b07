using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Takes back what the user granted to an application: the user is signed out there, and asked again next time.</summary>
internal static class RemoveApplication
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/applications/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveApplication))
            .WithSummary("Remove an application's access to the account")
            .WithDescription("The user's sessions in it end, and it has to ask again.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404)
            .RequireSignIn();

    internal sealed class Handler(Database database, IApplicationSessions sessions, TimeProvider clock)
    {
        /// <returns>Its name.</returns>
        public async Task<Outcome<string>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var (tenant, user) = (actor.Tenant.Id, actor.RequiredUser.Id);
            var (client, grants) = await database.QueryAsync(
                async db => (await ClientRow.FindAsync(db, tenant, id), await GrantsAsync(db, tenant, user, id)),
                cancellationToken
            );
            var removed = client is null ? 0 : await RemoveAsync(client, actor);
            if (client is null || removed == 0 && grants.Count == 0)
                return SignInErrors.ApplicationNotFound;
            foreach (var grant in grants)
                await sessions.EndAsync(user, grant, SessionEnding.AccessWithdrawn, actor, CancellationToken.None);
            return client.Name;
        }

        private Task<int> RemoveAsync(ClientRow client, Actor actor) =>
            database.InTransactionAsync(
                "openid.remove-application",
                async tx =>
                {
                    var key = new
                    {
                        tenant = actor.Tenant.Id,
                        user = actor.RequiredUser.Id,
                        client = client.Id,
                        now = tx.Now,
                    };
                    // A code that is under way is worth nothing either. What had a session stays until the application is told of its end.
                    await tx.ExecuteAsync(
                        """
                        update openid.grants set ends_at = least(ends_at, @now), code_expires_at = least(code_expires_at, @now)
                         where tenant_id = @tenant and user_id = @user and client = @client
                        """,
                        key
                    );
                    var removed = await tx.ExecuteAsync(
                        "delete from openid.consents where tenant_id = @tenant and user_id = @user and client = @client",
                        key
                    );
                    var record = AuditRecord.Of(actor, "client.access-removed") with { Subject = actor.RequiredUser.Id };
                    if (removed > 0)
                        tx.Record(record.WithFact("clientId", client.ClientId));
                    return removed;
                },
                CancellationToken.None
            );

        private Task<IReadOnlyList<Guid>> GrantsAsync(DbSession db, Guid tenant, Guid user, Guid client) =>
            db.ListAsync<Guid>(
                """
                select id from openid.grants
                 where tenant_id = @tenant and user_id = @user and client = @client and redeemed_at is not null and ends_at > @now
                """,
                new
                {
                    tenant,
                    user,
                    client,
                    now = clock.GetUtcNow(),
                }
            );
    }
}
