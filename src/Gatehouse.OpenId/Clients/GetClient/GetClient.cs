using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>Shows a client.</summary>
internal static class GetClient
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/clients/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(found =>
                        http.Tagged(found.View, found.Row.Tag)
                    )
            )
            .WithName(nameof(GetClient))
            .WithSummary("Get a client")
            .WithDescription("Its secrets are named by their first characters.")
            .Produces<ClientView>()
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.ReadClients);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<FoundClient>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await database.QueryAsync<Outcome<FoundClient>>(
                async db =>
                    await ClientRow.FindAsync(db, actor.Tenant.Id, id) is { } row
                        ? new FoundClient(row, await SecretRow.ListAsync(db, actor.Tenant.Id, [id]))
                        : ClientErrors.NotFound,
                cancellationToken
            );
    }
}
