using System.Diagnostics.Metrics;
using Gatehouse.Identity.Telemetry;

namespace Gatehouse.Identity.Sessions;

/// <summary>What operators watch of sessions. Tags never name a user.</summary>
internal sealed class SessionMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> sessionsStarted;
    private readonly Counter<long> sessionsEnded;
    private readonly Counter<long> refreshes;

    public SessionMetrics(IMeterFactory factory)
    {
        meter = factory.Create(IdentityMeter.Name);
        sessionsStarted = meter.CreateCounter<long>("gatehouse.sessions.started", "{session}", "Sessions started, by method.");
        sessionsEnded = meter.CreateCounter<long>(
            "gatehouse.sessions.ended",
            "{session}",
            "Sessions ended before they expired, by reason."
        );
        refreshes = meter.CreateCounter<long>("gatehouse.sessions.refreshes", "{attempt}", "Refresh tokens presented, by result.");
    }

    public void SessionStarted(string method) => sessionsStarted.Add(1, new KeyValuePair<string, object?>("method", method));

    public void SessionsEnded(string reason, int count) => sessionsEnded.Add(count, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="result"><c>rotated</c>, <c>repeated</c>, <c>reused</c>, <c>over</c> or <c>unreadable</c>.</param>
    public void SessionRefreshed(string result) => refreshes.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
