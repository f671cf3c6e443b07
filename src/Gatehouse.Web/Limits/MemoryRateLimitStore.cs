using System.Runtime.InteropServices;

namespace Gatehouse.Web;

/// <summary>Fixed windows in this process, bounded in memory (about 10 MB at the default capacity).</summary>
internal sealed class MemoryRateLimitStore(TimeProvider time, int capacity = 100_000) : IRateLimitStore
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<RateLimitKey, Window> windows = [];
    private long nextSweep;

    public int Count => windows.Count;

    public ValueTask<RateLimitCount> TakeAsync(RateLimitKey key, RateLimitRule rule, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (now >= nextSweep)
                Sweep(now);
            if (windows.Count >= capacity && !windows.ContainsKey(key))
                MakeRoom(now);

            ref var window = ref CollectionsMarshal.GetValueRefOrAddDefault(windows, key, out var exists);
            if (!exists || now >= window.End)
                window = new Window(now + Ticks(rule.Window), Taken: 0);

            var allowed = window.Taken < rule.Permits;
            if (allowed)
                window = window with { Taken = window.Taken + 1 };
            return ValueTask.FromResult(new RateLimitCount(allowed, rule.Permits - window.Taken, time.GetElapsedTime(now, window.End)));
        }
    }

    private void Sweep(long now)
    {
        nextSweep = now + Ticks(SweepEvery);
        foreach (var (key, window) in windows)
        {
            if (now >= window.End)
                windows.Remove(key);
        }
    }

    // A tenth at once, so that the cost is shared by many requests. Who has used least loses least: a flood from ever new addresses
    // does not wipe out the count of the one that was being slowed down.
    private void MakeRoom(long now)
    {
        Sweep(now);
        var surplus = windows.Count - (capacity * 9 / 10);
        if (surplus <= 0)
            return;
        foreach (var (key, _) in windows.OrderBy(w => w.Value.Taken).ThenBy(w => w.Value.End).Take(surplus).ToList())
            windows.Remove(key);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private readonly record struct Window(long End, int Taken);
}
