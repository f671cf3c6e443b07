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

    internal sealed class Handler(Database database, IApplicationSessions sessions)
    {
        /// <returns>Its name.</returns>
        public async Task<Outcome<string>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var client = await database.QueryAsync(db => ClientRow.FindAsync(db, actor.Tenant.Id, id), cancellationToken);
            var removed = client is null ? null : await RemoveAsync(client, actor);
            if (client is null || removed is null)
                return SignInErrors.ApplicationNotFound;
            foreach (var session in removed)
                await sessions.EndAsync(actor.RequiredUser.Id, session, SessionEnding.AccessWithdrawn, actor, CancellationToken.None);
            return client.Name;
        }

        /// <returns>The sessions that are to end; null if there was nothing to take back.</returns>
        private Task<IReadOnlyList<Guid>?> RemoveAsync(ClientRow client, Actor actor) =>
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
                    // Whoever redeems a code meanwhile waits for this, and finds it expired. The rows stay until the application is told.
                    var ended = await tx.ListAsync<Guid>(
                        """
                        update openid.grants set ends_at = @now, code_expires_at = least(code_expires_at, @now)
                         where tenant_id = @tenant and user_id = @user and client = @client and ends_at > @now
                        returning id
                        """,
                        key
                    );
                    var consents = await tx.ExecuteAsync(
                        "delete from openid.consents where tenant_id = @tenant and user_id = @user and client = @client",
                        key
                    );
                    if (consents == 0 && ended.Count == 0)
                        return null;
                    var record = AuditRecord.Of(actor, "client.access-removed") with { Subject = actor.RequiredUser.Id };
                    tx.Record(record.WithFact("clientId", client.ClientId));
                    return ended;
                },
                CancellationToken.None
            );
    }
}
