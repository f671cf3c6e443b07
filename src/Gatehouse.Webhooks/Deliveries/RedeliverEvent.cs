using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Sending;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>
/// Sends an event again, as a delivery of its own that neither waits for others nor holds them back. One that still waits is tried now.
/// </summary>
internal static class RedeliverEvent
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/webhooks/{id:guid}/deliveries/{deliveryId:guid}/redeliver",
                async (Guid id, Guid deliveryId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, deliveryId, http.Actor(), http.RequestAborted)).ToResult(row =>
                        TypedResults.Json(DeliveryView.Of(row), statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(RedeliverEvent))
            .WithSummary("Send an event again")
            .WithDescription(
                "A new delivery of the same event, with the same webhook-id, beside the order of others. One that is pending is tried "
                    + "now instead."
            )
            .Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 409)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);

    internal sealed class Handler(Database database, SendingSignal wake)
    {
        public Task<Outcome<DeliveryRow>> HandleAsync(Guid id, Guid delivery, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<DeliveryRow>>(
                "webhook.redeliver",
                async tx =>
                {
                    if (await VisibleWebhook.LockAsync(tx, actor, id) is not { } webhook)
                        return WebhookErrors.NotFound;
                    if (webhook.DisabledAt is not null)
                        return WebhookErrors.IsDisabled;
                    if (await AgainAsync(tx, actor.Tenant.Id, id, delivery) is not { } row)
                        return WebhookErrors.DeliveryNotFound;
                    tx.Record(
                        VisibleWebhook
                            .Record(actor, "webhook.redelivered", webhook)
                            .WithFact("event", row.EventId.ToString())
                            .WithFact("type", row.EventType)
                    );
                    tx.AfterCommit(wake.Set);
                    return row;
                },
                cancellationToken
            );

        private static async Task<DeliveryRow?> AgainAsync(Transaction tx, Guid tenant, Guid webhook, Guid delivery)
        {
            var key = new
            {
                tenant,
                webhook,
                delivery,
                tx.Now,
            };
            const string One = "tenant_id = @tenant and webhook = @webhook and id = @delivery";
            var waiting = await tx.FirstOrDefaultAsync<DeliveryRow>(
                $"update webhooks.deliveries set next_attempt_at = @Now where {One} and state = 'pending' returning {DeliveryRow.Columns}",
                key
            );
            if (waiting is not null)
                return waiting;
            var sent = await tx.FirstOrDefaultAsync<SentEvent>(
                $"select event_id as Id, event_type as Type, body from webhooks.deliveries where {One}",
                key
            );
            return sent is null ? null : await DeliveryRow.InsertAloneAsync(tx, tenant, webhook, sent);
        }
    }
}
