using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Deletes a webhook with its deliveries.</summary>
internal static class DeleteWebhook
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/webhooks/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(DeleteWebhook))
            .WithSummary("Delete a webhook")
            .WithDescription("What waits for delivery is not sent any more.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks)
            .RequireFresh();

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<WebhookRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<WebhookRow>>(
                "webhook.delete",
                async tx =>
                {
                    if (await VisibleWebhook.LockAsync(tx, actor, id) is not { } row)
                        return WebhookErrors.NotFound;
                    var key = new { tenant = actor.Tenant.Id, id };
                    await tx.ExecuteAsync("delete from webhooks.deliveries where tenant_id = @tenant and webhook = @id", key);
                    await tx.ExecuteAsync("delete from webhooks.webhooks where tenant_id = @tenant and id = @id", key);
                    tx.Record(VisibleWebhook.Record(actor, "webhook.deleted", row));
                    return row;
                },
                cancellationToken
            );
    }
}
