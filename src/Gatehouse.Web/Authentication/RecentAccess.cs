using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Microsoft.Extensions.Caching.Memory;

namespace Gatehouse.Web;

/// <summary>What the owners of access tokens may do, at most a second old: relying services ask about the same few, thousands of times a
/// second.</summary>
public sealed class RecentAccess(CurrentAccess current) : IDisposable
{
    private const int MaxHeld = 10_000;

    // Real time, however the clock is set: a right that was taken away is gone within a second.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(750);

    private readonly MemoryCache held = new(new MemoryCacheOptions { SizeLimit = MaxHeld });

    public async ValueTask<UserAccess> FindAsync(AccessClaims claims, CancellationToken cancellationToken)
    {
        // What service accounts may do is in memory anyway.
        if (claims.User is not { } user)
            return await current.FindAsync(claims, cancellationToken) ?? UserAccess.None;
        var key = (claims.TenantId, user.Id);
        if (held.TryGetValue(key, out UserAccess? known))
            return known!;
        var found = await current.FindAsync(claims, cancellationToken) ?? UserAccess.None;
        return held.Set(key, found, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
    }

    /// <summary>Whether whoever calls may be told about the tenant: its own one, or any with a role of the platform.</summary>
    public static bool Reaches(Actor actor, Guid tenant, Permission permission) =>
        actor.Tenant.Id == tenant || actor.RequiredAccess.AcrossTenants().Allows(permission.Name);

    public void Dispose() => held.Dispose();
}
