using System.Diagnostics.Metrics;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Audit;

/// <summary>How many records wait to be sealed, read every few seconds, so that neither a scrape nor a look at the health waits for the
/// database.</summary>
internal sealed class AuditBacklog : BackgroundService, IHealthDetail
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly ReadinessGate ready;
    private readonly DatabaseOutage outage;
    private readonly TimeProvider clock;
    private readonly Meter meter;
    private Levels? levels;

    public AuditBacklog(Database database, ReadinessGate ready, DatabaseOutage outage, IMeterFactory factory, TimeProvider clock)
    {
        (this.database, this.ready, this.outage, this.clock) = (database, ready, outage, clock);
        meter = factory.Create(AuditMetrics.MeterName);
        Gauge("gatehouse.audit.unsealed", "{record}", "Records of the audit in no sealed batch yet, up to 10,000.", l => l.UnsealedRecords);
        Gauge(
            "gatehouse.audit.oldest_unsealed",
            "s",
            "Age of the oldest record of the audit in no sealed batch yet.",
            l => l.OldestUnsealedSeconds
        );
    }

    public DependencyHealth Look() =>
        new(
            "audit",
            Healthy: true,
            0,
            Reason: null,
            levels is { } l
                ? new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["unsealedRecords"] = l.UnsealedRecords,
                    ["oldestUnsealedSeconds"] = l.OldestUnsealedSeconds,
                }
                : null
        );

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <summary>A bounded look: a backlog of a million records costs no more than one of ten thousand.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken) =>
        levels = await database.QueryAsync(
            db =>
                db.SingleAsync<Levels>(
                    """
                    select count(*)::float8 as UnsealedRecords,
                           coalesce(greatest(0, extract(epoch from @now - min(u.recorded_at))), 0)::float8 as OldestUnsealedSeconds
                      from (select coalesce(max(number), 0) as number from audit.batches) newest
                      left join audit.batches b using (number)
                     cross join lateral (
                           select a.recorded_at from audit.records a
                            where (a.epoch, a.xid, a.seq) > (coalesce(b.last_epoch, 0), coalesce(b.last_xid, 0), coalesce(b.last_seq, 0))
                            order by a.epoch, a.xid, a.seq
                            limit 10000) u
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
        public double UnsealedRecords { get; init; }

        public double OldestUnsealedSeconds { get; init; }
    }
}
