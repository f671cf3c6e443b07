using System.Diagnostics.Metrics;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Webhooks.Sending;

/// <summary>How many deliveries wait and which webhooks fail, read every few seconds, so that neither a scrape nor a look at the health
/// waits for the database.</summary>
internal sealed class WebhookBacklog : BackgroundService, IHealthDetail
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly ReadinessGate ready;
    private readonly DatabaseOutage outage;
    private readonly TimeProvider clock;
    private readonly Meter meter;
    private Levels? levels;

    public WebhookBacklog(Database database, ReadinessGate ready, DatabaseOutage outage, IMeterFactory factory, TimeProvider clock)
    {
        (this.database, this.ready, this.outage, this.clock) = (database, ready, outage, clock);
        meter = factory.Create(WebhookMetrics.MeterName);
        Gauge(
            "gatehouse.webhooks.waiting",
            "{delivery}",
            "Deliveries to webhooks that are not disabled, not done yet, up to 10,000.",
            l => l.WaitingDeliveries
        );
        Gauge("gatehouse.webhooks.oldest_waiting", "s", "Age of the oldest of them.", l => l.OldestWaitingSeconds);
        Gauge("gatehouse.webhooks.failing", "{webhook}", "Webhooks whose last delivery failed.", l => l.FailingWebhooks);
        Gauge("gatehouse.webhooks.disabled", "{webhook}", "Webhooks disabled because nothing was taken.", l => l.DisabledWebhooks);
    }

    public DependencyHealth Look() =>
        new(
            "webhooks",
            Healthy: true,
            0,
            Reason: null,
            levels is { } l
                ? new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["waitingDeliveries"] = l.WaitingDeliveries,
                    ["oldestWaitingSeconds"] = l.OldestWaitingSeconds,
                    ["failingWebhooks"] = l.FailingWebhooks,
                    ["disabledWebhooks"] = l.DisabledWebhooks,
                }
                : null
        );

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <summary>A bounded look: a backlog of a million deliveries costs little more than one of ten thousand.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken) =>
        levels = await database.QueryAsync(
            db =>
                db.SingleAsync<Levels>(
                    """
                    select count(d.*)::float8 as WaitingDeliveries,
                           coalesce(greatest(0, extract(epoch from @now - min(d.created_at))), 0)::float8 as OldestWaitingSeconds,
                           (select count(*) from webhooks.webhooks where disabled_at is null and failing_since is not null)::float8
                               as FailingWebhooks,
                           (select count(*) from webhooks.webhooks where disabled_reason <> 'manual')::float8 as DisabledWebhooks
                      from (select p.created_at
                              from webhooks.webhooks w
                             cross join lateral (
                                   select d.created_at from webhooks.deliveries d
                                    where d.tenant_id = w.tenant_id and d.webhook = w.id and d.state = 'pending'
                                    order by d.next_attempt_at
                                    limit 10000) p
                             where w.disabled_at is null
                             limit 10000) d
                    """,
                    new { now = clock.GetUtcNow() }
                ),
            cancellationToken
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await ready.WaitAsync(stoppingToken);
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (Exception e) when (outage.Note(e))
            {
                // No level is better than an old one that looks fresh.
                levels = null;
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private void Gauge(string name, string unit, string description, Func<Levels, double> read) =>
        meter.CreateObservableGauge(
            name,
            () => levels is { } l ? [new Measurement<double>(read(l))] : Array.Empty<Measurement<double>>(),
            unit,
            description
        );

    private sealed class Levels
    {
        public double WaitingDeliveries { get; init; }

        public double OldestWaitingSeconds { get; init; }

        public double FailingWebhooks { get; init; }

        public double DisabledWebhooks { get; init; }
    }
}
