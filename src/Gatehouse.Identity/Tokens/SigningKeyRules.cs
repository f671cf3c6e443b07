using Gatehouse.Encryption;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Which signing keys there are when: the one that signs, the next one published ahead of it, and the one before until no token of it can
/// be good any more. Pure: keys of one algorithm and time in, keys out. Lists are ordered by the time a key begins to sign.
/// </summary>
internal sealed class SigningKeyRules(SigningAlgorithm algorithm, TimeSpan rotation)
{
    /// <summary>How long services may keep the published keys (<c>Cache-Control: max-age</c>).</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromMinutes(15);

    /// <summary>How long a replaced key stays published, and how long ahead a new one is.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    // Every node has read a change long before.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The key that signs now; null when there is none. Where none is due the first does: a node whose clock is behind that of who replaced
    /// all keys must not stand still until it has caught up.
    /// </summary>
    public static T? Signing<T>(IReadOnlyList<T> keys, Func<T, DateTimeOffset> activatesAt, DateTimeOffset now)
        where T : class => keys.LastOrDefault(k => activatesAt(k) <= now) ?? (keys.Count > 0 ? keys[0] : null);

    /// <summary>What ordinary upkeep makes of the keys: none is missing, none outstays its time.</summary>
    public IReadOnlyList<StoredSigningKey> Keep(IReadOnlyList<StoredSigningKey> keys, DateTimeOffset now)
    {
        var kept = keys.Where((key, i) => i == keys.Count - 1 || keys[i + 1].ActivatesAt + Overlap > now).ToList();
        if (kept.Count == 0 || kept[0].ActivatesAt > now)
            kept.Insert(0, algorithm.Create(now, now));
        if (kept[^1].ActivatesAt > now)
            return kept;

        var due = kept[^1].ActivatesAt + rotation;
        return [.. kept, algorithm.Create(due > now + Overlap ? due : now + Overlap, now)];
    }

    /// <summary>The next key signs as soon as every service can know it; a further one is published behind it.</summary>
    public IReadOnlyList<StoredSigningKey> BringForward(IReadOnlyList<StoredSigningKey> keys, DateTimeOffset now)
    {
        var kept = Keep(keys, now);
        // Brought forward twice in a row, each key still has its turn.
        DateTimeOffset[] earliest = [kept[^1].CreatedAt + CacheLife, now + Notice, kept[^2].ActivatesAt + Notice];
        var next = kept[^1] with { ActivatesAt = earliest.Max() };
        return [.. kept.SkipLast(1), next, algorithm.Create(next.ActivatesAt + rotation, now)];
    }

    /// <summary>No key that was there is good any more, the published next one included: whoever read one may have read both.</summary>
    public IReadOnlyList<StoredSigningKey> Replace(DateTimeOffset now) =>
        [algorithm.Create(now, now), algorithm.Create(now + rotation, now)];
}
