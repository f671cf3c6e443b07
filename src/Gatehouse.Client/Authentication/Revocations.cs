using System.Collections.Concurrent;

namespace Gatehouse.Client;

/// <summary>What was revoked, for as long as a token of it could be within its time.</summary>
internal sealed class Revocations(TimeProvider clock)
{
    /// <summary>Without a sign of life for so long, revocations may have been missed.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(5);

    // Access tokens live for ten minutes at most; clocks may differ by one on either side.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> tokens = new(StringComparer.Ordinal);

    // Service accounts and tenants: tokens issued until then, and since when we know.
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, DateTimeOffset At)> clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, DateTimeOffset At)> tenants = new(StringComparer.Ordinal);
    private DateTimeOffset sweptAt = clock.GetUtcNow();
    private long heardAt;

    /// <summary>How long ago everything was known; null if it never was.</summary>
    public TimeSpan? Silence => Interlocked.Read(ref heardAt) is var at and not 0 ? clock.GetElapsedTime(at) : null;

    public bool AreKnown => Silence is { } silence && silence <= MaxSilence;

    public bool Contains(CheckedToken token) =>
        (!tenants.IsEmpty && tenants.TryGetValue(token.Tenant, out var tenant) && token.IssuedAt <= tenant.Until)
        || (
            token.Session is { } session
                ? sessions.ContainsKey(session)
                : tokens.ContainsKey(token.TokenId)
                    || (clients.TryGetValue(token.Subject, out var client) && token.IssuedAt <= client.Until)
        );

    public void Add(V1.Revocation revoked)
    {
        var now = clock.GetUtcNow();
        switch (revoked.RevokedCase)
        {
            case V1.Revocation.RevokedOneofCase.Session:
                sessions[revoked.Session] = now;
                break;
            case V1.Revocation.RevokedOneofCase.Token:
                tokens[revoked.Token] = now;
                break;
            case V1.Revocation.RevokedOneofCase.Client:
                AddUntil(clients, revoked.Client);
                break;
            case V1.Revocation.RevokedOneofCase.Tenant:
                AddUntil(tenants, revoked.Tenant);
                break;
            default:
                // Of a later version: what it means is unknown, so nothing is known until it is understood or the service is updated.
                throw new NotSupportedException("Gatehouse revokes something that this version of the library does not know.");
        }

        void AddUntil(ConcurrentDictionary<string, (DateTimeOffset Until, DateTimeOffset At)> entries, string key)
        {
            var until = revoked.At?.ToDateTimeOffset() ?? now;
            entries.AddOrUpdate(key, (until, now), (_, had) => (had.Until > until ? had.Until : until, now));
        }
    }

    /// <summary>Everything until now is known.</summary>
    public void Heard()
    {
        Interlocked.Exchange(ref heardAt, Math.Max(1, clock.GetTimestamp()));
        var now = clock.GetUtcNow();
        if (now - sweptAt < SweepEvery)
            return;
        sweptAt = now;
        Sweep(sessions, at => at);
        Sweep(tokens, at => at);
        Sweep(clients, client => client.At);
        Sweep(tenants, tenant => tenant.At);

        void Sweep<T>(ConcurrentDictionary<string, T> entries, Func<T, DateTimeOffset> at)
        {
            foreach (var (key, value) in entries)
                if (now - at(value) > Kept)
                    entries.TryRemove(KeyValuePair.Create(key, value));
        }
    }
}
