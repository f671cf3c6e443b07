using System.Text;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web.Events;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Sending;
using Gatehouse.Webhooks.Subscriptions;

namespace Gatehouse.Webhooks.Deliveries;

/// <summary>
/// Queues events of the log for a webhook again, for an operator: after a receiver lost what it had, or was disabled meanwhile. Only what
/// the webhook asks for and may get, behind what waits of the same key; each with the <c>webhook-id</c> it always has.
/// </summary>
internal sealed class ReplayEvents(Database database, EventReach reach)
{
    /// <summary>Says in the audit that it begins.</summary>
    public Task<Outcome<WebhookRow>> BeginAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync<Outcome<WebhookRow>>(
            "webhook.replay",
            async tx =>
            {
                if (await WebhookRow.LockAsync(tx, actor.Tenant.Id, id) is not { } webhook)
                    return WebhookErrors.NotFound;
                if (webhook.DisabledAt is not null)
                    return WebhookErrors.IsDisabled;
                tx.Record(VisibleWebhook.Record(actor, "webhook.replayed", webhook));
                return webhook;
            },
            cancellationToken
        );

    /// <summary>Queues some events, in their order.</summary>
    /// <returns>How many of them are for the webhook.</returns>
    public async Task<int> QueueAsync(WebhookRow webhook, IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        var wanted = new List<EventEnvelope>();
        foreach (var one in events.Where(e => EventNames.Of(e.Type).Any(webhook.Events.Contains)))
        {
            if (webhook.Where is null || (await reach.OfAsync(one, cancellationToken)).Contains(webhook.OrganizationId))
                wanted.Add(one);
        }

        return wanted.Count == 0
            ? 0
            : await database.InTransactionAsync("webhook.replay-some", tx => InsertAsync(tx, webhook.Id, wanted), cancellationToken);
    }

    private static Task<int> InsertAsync(Transaction tx, Guid webhook, List<EventEnvelope> events) =>
        tx.ExecuteAsync(
            """
            insert into webhooks.deliveries (tenant_id, webhook, id, event_id, event_type, key, body, state, next_attempt_at, created_at)
            select w.tenant_id, w.id, q.id, q.event, q.type, q.key, q.body, 'pending', @Now, @Now
              from webhooks.webhooks w
             cross join unnest(@ids, @eventIds, @types, @keys, @bodies) with ordinality as q (id, event, type, key, body, number)
             where w.tenant_id = @tenant and w.id = @webhook
             order by q.number
            """,
            new
            {
                tenant = events[0].TenantId,
                webhook,
                ids = events.Select(_ => Guid.CreateVersion7(tx.Now)).ToArray(),
                eventIds = events.Select(e => e.Id).ToArray(),
                types = events.Select(e => e.Type).ToArray(),
                keys = events.Select(e => e.Key).ToArray(),
                bodies = events.Select(e => Encoding.UTF8.GetString(ListEvents.CloudEvent.Of(e).ToJson())).ToArray(),
                tx.Now,
            }
        );
}
