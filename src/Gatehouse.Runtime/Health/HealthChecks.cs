using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Messaging;
using Gatehouse.Runtime.Startup;
using Npgsql;

namespace Gatehouse.Runtime.Health;

/// <summary>Looks at what this node stands on. Ready means that the start completed, no stop has begun, and both databases answer now.</summary>
public sealed class HealthChecks(DataSources sources, Ready ready, Draining draining, Backlog backlog, IEnumerable<IHealthDetail> details, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        ready.IsReady && !draining.HasBegun && (await Task.WhenAll(DatabaseAsync("database", sources.Main, cancellationToken), DatabaseAsync("key-store", sources.Keys, cancellationToken)))
            .All(d => d.Healthy);

    public async Task<HealthReport> ReportAsync(CancellationToken cancellationToken)
    {
        List<DependencyHealth> dependencies =
        [
            new("start-up", ready.IsReady, 0, ready.IsReady ? null : "schema, keys or log are not open yet"),
            new("stop", !draining.HasBegun, 0, draining.HasBegun ? "the node was told to stop" : null),
            await DatabaseAsync("database", sources.Main, cancellationToken),
            await DatabaseAsync("key-store", sources.Keys, cancellationToken),
        ];
        var healthy = dependencies.TrueForAll(d => d.Healthy);
        if (healthy)
        {
            var levels = await backlog.ReadAsync(cancellationToken);
            dependencies.Add(new DependencyHealth("delivery", Healthy: true, 0, Reason: null, levels.ToFacts()));
        }

        dependencies.AddRange(details.Select(d => d.Look()));
        return new HealthReport(healthy ? "ready" : "not-ready", dependencies);
    }

    private async Task<DependencyHealth> DatabaseAsync(string name, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await source.UseAsync(sql => sql.SingleAsync<int>("select 1"), limit.Token);
            return new DependencyHealth(name, Healthy: true, clock.GetElapsedTime(start).TotalMilliseconds, Reason: null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new DependencyHealth(name, Healthy: false, clock.GetElapsedTime(start).TotalMilliseconds, e.GetType().Name);
        }
    }
}
