using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Events;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Sending;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>Sends a test event, which is like others but nothing happened.</summary>
internal static class PingWebhook
{
    public const string Type = "webhook.ping";

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/webhooks/{id:guid}/ping",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row =>
                        TypedResults.Json(DeliveryView.Of(row), statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(PingWebhook))
            .WithSummary("Send a test event")
            .WithDescription("An event webhook.ping whose subject is the webhook, signed like all others. See its delivery for the answer.")
            .Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 409)
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);

    internal sealed class Handler(Database database, SendingSignal wake)
    {
        public Task<Outcome<DeliveryRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<DeliveryRow>>(
                "webhook.ping",
                async tx =>
                {
                    if (await VisibleWebhook.LockAsync(tx, actor, id) is not { } webhook)
                        return WebhookErrors.NotFound;
                    if (webhook.DisabledAt is not null)
                        return WebhookErrors.IsDisabled;
                    var row = await DeliveryRow.InsertAloneAsync(tx, actor.Tenant.Id, id, Event(tx, actor.Tenant.Id, id));
                    tx.Record(VisibleWebhook.Record(actor, "webhook.pinged", webhook));
                    tx.AfterCommit(wake.Set);
                    return row;
                },
                cancellationToken
            );

        private static SentEvent Event(Transaction tx, Guid tenant, Guid webhook)
        {
            var cloudEvent = new ListEvents.CloudEvent
            {
                SpecVersion = EventEnvelope.SpecVersion,
                Id = Guid.CreateVersion7(tx.Now),
                Source = EventEnvelope.Source,
                Type = Type,
                Subject = webhook,
                Time = tx.Now,
                DataContentType = EventEnvelope.ContentType,
                TenantId = tenant,
                SubjectVersion = null,
                TraceParent = null,
                Data = new Dictionary<string, JsonElement>(StringComparer.Ordinal),
            };
            return new SentEvent
            {
                Id = cloudEvent.Id,
                Type = Type,
                Body = Encoding.UTF8.GetString(cloudEvent.ToJson()),
            };
        }
    }
}
