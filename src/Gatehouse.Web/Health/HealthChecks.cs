using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Messaging;

namespace Gatehouse.Web.Health;

/// <summary>
/// Looks at what this node stands on. Ready means that the start completed, no stop has begun, the clock is right, and both databases can
/// serve now: reads and writes.
/// </summary>
public sealed class HealthChecks(
    DatabaseWatch watch,
    DatabaseOutage outage,
    ClockSkew skew,
    ReadinessGate ready,
    Draining draining,
    Backlog backlog,
    IEnumerable<IHealthDetail> details
)
{
    private readonly IReadOnlyList<IHealthDetail> details = [.. details];

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        // During an outage only the watch looks, with connections of its own time: one that answers says nothing of those that hang.
        if (!ready.IsReady || draining.HasBegun || outage.IsOn)
            return false;
        var look = await watch.LookAsync(cancellationToken);
        return look.Failed is null && !outage.IsOn && ready.IsReady && details.Where(d => d.IsRequired).All(d => d.Look().Healthy);
    }

    public async Task<HealthReport> ReportAsync(CancellationToken cancellationToken)
    {
        var isReady = await IsReadyAsync(cancellationToken);
        var look = await watch.LookAsync(cancellationToken);
        List<DependencyHealth> dependencies =
        [
            new("start-up", ready.IsStarted, 0, ready.IsStarted ? null : "startup is not complete"),
            new("stop", !draining.HasBegun, 0, draining.HasBegun ? "the node is stopping" : null),
            Describe("database", look.Main),
            new("writes", !outage.IsOn, 0, outage.IsOn ? "a database rejected a request a moment ago" : null),
            Clock(),
        ];
        if (look.Keys is { } keys)
            dependencies.Insert(3, Describe("key-store", keys));
        if (isReady)
        {
            var levels = await backlog.ReadAsync(cancellationToken);
            dependencies.Add(new DependencyHealth("delivery", Healthy: true, 0, Reason: null, levels.ToFacts()));
        }

        dependencies.AddRange(details.Select(d => d.Look()));
        return new HealthReport(isReady ? "ready" : "not-ready", dependencies);
    }

    private DependencyHealth Clock() =>
        new(
            "clock",
            !skew.IsTooLarge,
            0,
            skew.IsTooLarge ? skew.Text : null,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["secondsAhead"] = skew.Current.TotalSeconds }
        );

    private static DependencyHealth Describe(string name, DatabaseState state) =>
        new(name, state.CanServe, state.Took.TotalMilliseconds, state.Reason);
}
