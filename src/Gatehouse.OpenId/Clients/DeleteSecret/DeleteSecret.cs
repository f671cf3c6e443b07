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

/// <summary>Deletes a secret. Tokens that were got by it stay good for their time; disabling the client ends them.</summary>
internal static class DeleteSecret
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/clients/{id:guid}/secrets/{secretId:guid}",
                async (Guid id, Guid secretId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, secretId, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DeleteSecret))
            .WithSummary("Delete a client secret")
            .WithDescription("Tokens that were got by it stay good for their ten minutes at most; disabling the client ends them.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.WriteClients);

    internal sealed class Handler(Database database)
    {
        private const string Action = "client.secret-deleted";

        public Task<Outcome<ClientRow>> HandleAsync(Guid id, Guid secretId, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<ClientRow>>(
                "client.delete-secret",
                async tx =>
                {
                    var locked = await ClientRules.LockAsync(tx, id, actor, Action);
                    if (locked.Error is { } error)
                        return error;
                    var deleted = await tx.ExecuteAsync(
                        "delete from openid.client_secrets where tenant_id = @tenant and client = @id and id = @secretId",
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            secretId,
                        }
                    );
                    if (deleted == 0)
                        return ClientErrors.SecretNotFound;
                    tx.Record(ClientRules.Record(actor, Action, locked.Value).WithFact("secret", secretId.ToString()));
                    return locked.Value;
                },
                cancellationToken
            );
    }
}
