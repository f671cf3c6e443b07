using Gatehouse.Core.Backlogs;

namespace Gatehouse.Webhooks.Sending;

/// <summary>How many deliveries wait and which webhooks fail.</summary>
internal sealed class WebhookBacklog : IBacklog
{
    public static string Name => "webhooks";

    public static string MeterName => WebhookMetrics.MeterName;

    public static IReadOnlyList<BacklogLevel> Levels { get; } =
    [
        new()
        {
            Fact = "waitingDeliveries",
            Gauge = "gatehouse.webhooks.waiting",
            Unit = "{delivery}",
            Description = "Deliveries to webhooks that are not disabled, not done yet, up to 10,000.",
        },
        new()
        {
            Fact = "oldestWaitingSeconds",
            Gauge = "gatehouse.webhooks.oldest_waiting",
            Unit = "s",
            Description = "Age of the oldest of them.",
        },
        new()
        {
            Fact = "failingWebhooks",
            Gauge = "gatehouse.webhooks.failing",
            Unit = "{webhook}",
            Description = "Webhooks whose last delivery failed.",
        },
        new()
        {
            Fact = "disabledWebhooks",
            Gauge = "gatehouse.webhooks.disabled",
            Unit = "{webhook}",
            Description = "Webhooks disabled because nothing was taken.",
        },
    ];

    public static string Query =>
        """
            select array[
                   count(d.*),
                   coalesce(greatest(0, extract(epoch from @now - min(d.created_at))), 0),
                   (select count(*) from webhooks.webhooks where disabled_at is null and failing_since is not null),
                   (select count(*) from webhooks.webhooks where disabled_reason <> 'manual')]::float8[]
              from (select p.created_at
                      from webhooks.webhooks w
                     cross join lateral (
                           select d.created_at from webhooks.deliveries d
                            where d.tenant_id = w.tenant_id and d.webhook = w.id and d.state = 'pending'
                            order by d.next_attempt_at
                            limit 10000) p
                     where w.disabled_at is null
                     limit 10000) d
            """;
}
