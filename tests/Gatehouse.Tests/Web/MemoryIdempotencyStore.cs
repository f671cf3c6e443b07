using System.Collections.Concurrent;
using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

/// <summary>The semantics of <see cref="IIdempotencyStore"/> in a dictionary.</summary>
internal sealed class MemoryIdempotencyStore(TimeProvider time) : IIdempotencyStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly Dictionary<IdempotencyScope, Entry> entries = [];

    public ConcurrentQueue<IdempotencyScope> Begun { get; } = [];

    public Task<IdempotencyClaim> BeginAsync(IdempotencyScope scope, byte[] fingerprint, CancellationToken cancellationToken)
    {
        Begun.Enqueue(scope);
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (entries.TryGetValue(scope, out var entry) && now - entry.Since < (entry.Answer is null ? Abandoned : Kept))
            {
                return Task.FromResult<IdempotencyClaim>(
                    !entry.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? new IdempotencyClaim.Mismatch()
                    : entry.Answer is null ? new IdempotencyClaim.InFlight()
                    : new IdempotencyClaim.Replay(entry.Answer)
                );
            }

            var lease = Guid.CreateVersion7(now);
            entries[scope] = new Entry(fingerprint, lease, now, Answer: null);
            return Task.FromResult<IdempotencyClaim>(new IdempotencyClaim.Started(lease));
        }
    }

    public Task CompleteAsync(IdempotencyScope scope, Guid lease, StoredAnswer answer, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (entries.TryGetValue(scope, out var entry) && entry.Lease == lease)
                entries[scope] = entry with { Answer = answer };
        }

        return Task.CompletedTask;
    }

    public Task ReleaseAsync(IdempotencyScope scope, Guid lease, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (entries.TryGetValue(scope, out var entry) && entry.Lease == lease)
                entries.Remove(scope);
        }

        return Task.CompletedTask;
    }

    private sealed record Entry(byte[] Fingerprint, Guid Lease, DateTimeOffset Since, StoredAnswer? Answer);
}
