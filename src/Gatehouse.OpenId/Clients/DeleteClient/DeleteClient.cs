using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>Deletes a client with its secrets. Its tokens count for nothing, on every node within a second.</summary>
internal static class DeleteClient
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/clients/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DeleteClient))
            .WithSummary("Delete a client")
            .WithDescription("Its tokens are rejected from then on.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.WriteClients)
            .RequireFresh();

    internal sealed class Handler(Database database, ServiceAccountDirectory directory)
    {
        private const string Action = "client.deleted";

        public Task<Outcome<ClientRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<ClientRow>>(
                "client.delete",
                async tx =>
                {
                    var tenant = actor.Tenant.Id;
                    var locked = await ClientRules.LockAsync(tx, id, actor, Action);
                    if (locked.Error is { } error)
                        return error;
                    var key = new { tenant, id };
                    await tx.ExecuteAsync("delete from openid.client_secrets where tenant_id = @tenant and client = @id", key);
                    await RevokedTokens.AddAllAsync(tx, tenant, id, RevokedTokens.Until(tx));
                    await tx.ExecuteAsync("delete from openid.consents where tenant_id = @tenant and client = @id", key);
                    await tx.ExecuteAsync("delete from openid.authorization_requests where tenant_id = @tenant and client = @id", key);
                    EndClientSessions.Enqueue(tx, tenant, id);
                    await tx.ExecuteAsync("delete from openid.clients where tenant_id = @tenant and id = @id", key);
                    tx.Record(ClientRules.Record(actor, Action, locked.Value));
                    tx.AfterCommit(() => directory.Forget(tenant, id));
                    return locked.Value;
                },
                cancellationToken
            );
    }
}
