namespace Gatehouse.Web;

/// <summary>Remembers, per caller and route, which keys were used and what was answered.</summary>
public interface IIdempotencyStore
{
    /// <summary>
    /// Claims the key atomically. An unknown, expired (24 h) or abandoned (in flight for 60 s) key is started, under a lease of its own;
    /// a known one tells what became of it. A fingerprint that differs is a mismatch in every state but abandoned and expired.
    /// </summary>
    Task<IdempotencyClaim> BeginAsync(IdempotencyScope scope, byte[] fingerprint, CancellationToken cancellationToken);

    /// <summary>Keeps the answer for 24 h from the claim. Does nothing when another request has taken the key over.</summary>
    Task CompleteAsync(IdempotencyScope scope, Guid lease, StoredAnswer answer, CancellationToken cancellationToken);

    /// <summary>Forgets the key, so that the same call may be tried again. Does nothing when another request has taken the key
    /// over.</summary>
    Task ReleaseAsync(IdempotencyScope scope, Guid lease, CancellationToken cancellationToken);
}

/// <summary>Where a key counts: another tenant's, caller's or route's same key is another key.</summary>
public sealed record IdempotencyScope
{
    public required Guid TenantId { get; init; }

    public required string Actor { get; init; }

    public required string Route { get; init; }

    public required string Key { get; init; }
}

/// <summary>An answer as it went out. Its body may hold personal data, so a store that keeps it on disk encrypts it.</summary>
public sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>What a claim found.</summary>
public abstract record IdempotencyClaim
{
    private IdempotencyClaim() { }

    public sealed record Started(Guid Lease) : IdempotencyClaim;

    public sealed record InFlight : IdempotencyClaim;

    public sealed record Mismatch : IdempotencyClaim;

    public sealed record Replay(StoredAnswer Answer) : IdempotencyClaim;
}
