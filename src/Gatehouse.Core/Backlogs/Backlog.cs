using System.Diagnostics.Metrics;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Core.Backlogs;

/// <summary>What waits in the database for a module, which operators watch as metrics and as facts of the health.</summary>
public interface IBacklog
{
    /// <summary>What the health calls it.</summary>
    static abstract string Name { get; }

    static abstract string MeterName { get; }

    static abstract IReadOnlyList<BacklogLevel> Levels { get; }

    /// <summary>Gives the levels as one array, in their order; <c>@now</c> is the time. A bounded look: a backlog of a million costs little
    /// more than one of ten thousand.</summary>
    static abstract string Query { get; }
}

public sealed record BacklogLevel
{
    /// <summary>What the health calls it.</summary>
    public required string Fact { get; init; }

    /// <summary>What the metrics call it.</summary>
    public required string Gauge { get; init; }

    public required string Unit { get; init; }

    public required string Description { get; init; }
}

/// <summary>Reads the levels every few seconds, so that neither a scrape nor a look at the health waits for the database.</summary>
internal sealed class Backlog<T> : BackgroundService, IHealthDetail
    where T : IBacklog
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly ReadinessGate ready;
    private readonly DatabaseOutage outage;
    private readonly TimeProvider clock;
    private readonly Meter meter;
    private double[]? levels;

    public Backlog(Database database, ReadinessGate ready, DatabaseOutage outage, IMeterFactory factory, TimeProvider clock)
    {
        (this.database, this.ready, this.outage, this.clock) = (database, ready, outage, clock);
        meter = factory.Create(T.MeterName);
        foreach (var (index, level) in T.Levels.Index())
            meter.CreateObservableGauge(
                level.Gauge,
                () => levels is { } read ? [new Measurement<double>(read[index])] : Array.Empty<Measurement<double>>(),
                level.Unit,
                level.Description
            );
    }

    public DependencyHealth Look() =>
        new(
            T.Name,
            Healthy: true,
            0,
            Reason: null,
            levels is { } read ? T.Levels.Index().ToDictionary(at => at.Item.Fact, at => read[at.Index], StringComparer.Ordinal) : null
        );

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    internal async Task ReadAsync(CancellationToken cancellationToken) =>
        levels = await database.QueryAsync(db => db.SingleAsync<double[]>(T.Query, new { now = clock.GetUtcNow() }), cancellationToken);

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
}

public static class BacklogExtensions
{
    /// <summary>Shows operators what waits.</summary>
    public static IServiceCollection AddBacklog<T>(this IServiceCollection services)
        where T : IBacklog =>
        services
            .AddSingleton<Backlog<T>>()
            .AddHealthDetail<Backlog<T>>()
            .AddHostedService(provider => provider.GetRequiredService<Backlog<T>>());
}
