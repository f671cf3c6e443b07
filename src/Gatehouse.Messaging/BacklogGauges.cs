using System.Diagnostics.Metrics;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Messaging;

/// <summary>Publishes the backlog as gauges, read every few seconds, so that a scrape never waits for the database.</summary>
internal sealed class BacklogGauges : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Backlog backlog;
    private readonly ReadinessGate ready;
    private readonly TimeProvider clock;
    private readonly DatabaseOutage outage;
    private readonly Meter meter;
    private BacklogLevels? levels;

    public BacklogGauges(Backlog backlog, ReadinessGate ready, IMeterFactory factory, DatabaseOutage outage, TimeProvider clock)
    {
        (this.backlog, this.ready, this.outage, this.clock) = (backlog, ready, outage, clock);
        meter = factory.Create(MessagingMetrics.MeterName);
        Gauge("gatehouse.events.oldest_unsent", "s", "Age of the oldest event that no carrier has taken.", l => l.OldestUnsentSeconds);
        Gauge(
            "gatehouse.deliveries.deferred",
            "{delivery}",
            "Deliveries waiting for another attempt or behind one.",
            l => l.DeferredDeliveries
        );
        Gauge("gatehouse.deliveries.dead_letters", "{delivery}", "Deliveries given up, for a person to look at.", l => l.DeadDeliveries);
        Gauge("gatehouse.jobs.waiting", "{job}", "Durable jobs not done yet, up to 10,000.", l => l.WaitingJobs);
        Gauge("gatehouse.jobs.dead", "{job}", "Durable jobs given up, up to 10,000.", l => l.DeadJobs);
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            levels = await ReadAsync(stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<BacklogLevels?> ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await backlog.ReadAsync(stoppingToken);
        }
        catch (Exception e) when (outage.Note(e))
        {
            // No level is better than an old one that looks fresh.
            return null;
        }
    }

    private void Gauge(string name, string unit, string description, Func<BacklogLevels, double> read) =>
        meter.CreateObservableGauge(
            name,
            () => levels is { } l ? [new Measurement<double>(read(l))] : Array.Empty<Measurement<double>>(),
            unit,
            description
        );
}
