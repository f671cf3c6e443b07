using System.Text;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.Web.Events;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Makes one delivery of an event for each webhook that asked for such, in the order of the events of a key.</summary>
internal sealed class QueueEvents(WebhookTenants tenants, EventReach reach, SendingSignal wake) : IListener
{
    public const string Name = "webhooks.queue";

    public ValueTask<bool> WantsAsync(EventEnvelope envelope, CancellationToken cancellationToken) =>
        tenants.HasAsync(envelope.TenantId, cancellationToken);

    public async Task<Delivery> HandleAsync(EventEnvelope envelope, Transaction tx, CancellationToken cancellationToken)
    {
        var asking = await tx.ListAsync<Asking>(
            """
            select id, organization_id from webhooks.webhooks
             where tenant_id = @TenantId and disabled_at is null and events && @names
             order by id
            """,
            new { envelope.TenantId, names = EventNames.Of(envelope.Type) }
        );
        var concerned = await ConcernedAsync(asking, envelope, cancellationToken);
        if (concerned.Count == 0)
            return Delivery.Done;
        await tx.ExecuteAsync(
            """
            insert into webhooks.deliveries (tenant_id, webhook, id, event_id, event_type, key, body, state, next_attempt_at, created_at)
            select @TenantId, q.webhook, q.id, @Id, @Type, @Key, @body, 'pending', @Now, @Now
              from unnest(@webhooks, @ids) as q (webhook, id)
            """,
            new
            {
                envelope.TenantId,
                envelope.Id,
                envelope.Type,
                envelope.Key,
                body = Encoding.UTF8.GetString(ListEvents.CloudEvent.Of(envelope).ToJson()),
                webhooks = concerned.Select(w => w.Id).ToArray(),
                ids = concerned.Select(_ => Guid.CreateVersion7(tx.Now)).ToArray(),
                tx.Now,
            }
        );
        tx.AfterCommit(wake.Set);
        return Delivery.Done;
    }

    private async Task<IReadOnlyList<Asking>> ConcernedAsync(
        IReadOnlyList<Asking> asking,
        EventEnvelope envelope,
        CancellationToken cancellationToken
    )
    {
        if (asking.All(w => w.OrganizationId == WebhookRow.WholeTenant))
            return asking;
        var organizations = await reach.OfAsync(envelope, cancellationToken);
        return [.. asking.Where(w => organizations.Contains(w.OrganizationId))];
    }

    private sealed class Asking
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }
    }
}
