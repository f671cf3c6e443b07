using System.Collections.Concurrent;

namespace Gatehouse.Client;

/// <summary>
/// Keeps answers for a short time, counted from when they were asked for, and asks once for all who want to know the same meanwhile. What
/// failed is asked again; what ran out is dropped. Without a time nothing is kept.
/// </summary>
internal sealed class RecentAnswers<TKey, TAnswer>(TimeProvider clock, TimeSpan life)
    where TKey : notnull
{
    private const int Limit = 20_000;

    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private int sweeping;

    public bool IsEmpty => entries.IsEmpty;

    public async Task<TAnswer> GetAsync(TKey key, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        if (life <= TimeSpan.Zero)
            return await ask().WaitAsync(cancellationToken);
        while (true)
        {
            if (entries.TryGetValue(key, out var known) && IsGood(known))
                return await known.Answer.WaitAsync(cancellationToken);
            var entry = new Entry(clock.GetTimestamp(), ask);
            if (known is null ? !entries.TryAdd(key, entry) : !entries.TryUpdate(key, entry, known))
                continue;
            if (entries.Count > Limit)
                MakeRoom();
            if (Interlocked.Exchange(ref sweeping, 1) == 0)
                _ = SweepUntilEmptyAsync();
            return await entry.Answer.WaitAsync(cancellationToken);
        }
    }

    private bool IsGood(Entry entry) => clock.GetElapsedTime(entry.AskedAt) < life && !entry.HasFailed;

    private void MakeRoom()
    {
        Sweep();
        if (entries.Count > Limit)
            entries.Clear();
    }

    private async Task SweepUntilEmptyAsync()
    {
        do
        {
            while (!entries.IsEmpty)
            {
                await Task.Delay(life, clock, CancellationToken.None);
                Sweep();
            }

            Interlocked.Exchange(ref sweeping, 0);
            // One that came just before that found us at work.
        } while (!entries.IsEmpty && Interlocked.Exchange(ref sweeping, 1) == 0);
    }

    private void Sweep()
    {
        foreach (var entry in entries.Where(e => !IsGood(e.Value)))
            entries.TryRemove(entry);
    }

    private sealed class Entry(long askedAt, Func<Task<TAnswer>> ask)
    {
        // Asked by whoever wins the place, not by everybody who tries for it.
        private readonly Lazy<Task<TAnswer>> answer = new(ask);

        public long AskedAt { get; } = askedAt;

        public Task<TAnswer> Answer => answer.Value;

        public bool HasFailed => answer.IsValueCreated && (answer.Value.IsFaulted || answer.Value.IsCanceled);
    }
}
