using System.Collections.Concurrent;

namespace Gatehouse.Client;

/// <summary>
/// Tokens whose signature and claims were found good, until their time runs out. They are found by their whole text: what is looked at is
/// never another token than the one that was checked.
/// </summary>
internal sealed class SeenTokens
{
    private const int Limit = 50_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly TimeSpan skew;
    private readonly ConcurrentDictionary<string, CheckedToken> tokens = new(ByEnding.Comparer);
    private readonly ConcurrentDictionary<string, CheckedToken>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private long sweepAt;

    /// <param name="skew">How much clocks may differ.</param>
    public SeenTokens(TimeSpan skew) => (this.skew, lookup) = (skew, tokens.GetAlternateLookup<ReadOnlySpan<char>>());

    public CheckedToken? Find(ReadOnlySpan<char> text, DateTimeOffset now)
    {
        var due = Interlocked.Read(ref sweepAt);
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref sweepAt, (now + SweepEvery).UtcTicks, due) == due)
            Sweep(now);
        return lookup.TryGetValue(text, out var known) ? known : null;
    }

    public void Add(string text, CheckedToken token, DateTimeOffset now)
    {
        if (tokens.Count >= Limit)
        {
            Sweep(now);
            // Still too many: some of them are checked once more.
            if (tokens.Count >= Limit)
                foreach (var some in tokens.Take(Limit / 10))
                    tokens.TryRemove(some);
        }

        tokens[text] = token;
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var token in tokens)
            if (token.Value.Expires + skew <= now)
                tokens.TryRemove(token);
    }

    /// <summary>Compares whole tokens, and hashes only their ends: that is the signature, in which no two good ones are alike.</summary>
    private sealed class ByEnding : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        public static readonly ByEnding Comparer = new();

        private const int Length = 32;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string text) => GetHashCode(text.AsSpan());

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<char> alternate) =>
            string.GetHashCode(alternate[Math.Max(0, alternate.Length - Length)..], StringComparison.Ordinal);

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}
