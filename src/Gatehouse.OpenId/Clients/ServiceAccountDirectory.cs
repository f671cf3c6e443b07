using System.Collections.Concurrent;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;

namespace Gatehouse.OpenId.Clients;

/// <summary>
/// What clients may do, in memory for at most a second: a client that was disabled or deleted, a scope that was taken away, or a token that
/// was revoked counts for nothing on any node after that. While the database is away, nobody can say.
/// </summary>
internal sealed class ServiceAccountDirectory(
    Database database,
    IPermissionDirectory permissions,
    IOrganizationDirectory organizations,
    TimeProvider clock
) : IServiceAccountDirectory
{
    // With the quarter of a second in which streams look at their tokens, less than one.
    private static readonly TimeSpan Usable = TimeSpan.FromMilliseconds(700);

    private readonly ConcurrentDictionary<(Guid Tenant, Guid Client), Look> looks = new();

    public async ValueTask<UserAccess?> FindAsync(Guid tenantId, Guid clientId, Guid tokenId, CancellationToken cancellationToken) =>
        await LookAsync((tenantId, clientId), cancellationToken) is { } client && client.Accepts(tokenId) ? client.Access : null;

    /// <summary>What this node changed itself it knows at once.</summary>
    public void Forget(Guid tenant, Guid client) => looks.TryRemove((tenant, client), out _);

    private async ValueTask<LiveClient?> LookAsync((Guid Tenant, Guid Client) key, CancellationToken cancellationToken)
    {
        var look = looks.GetValueOrDefault(key);
        if (look is null || clock.GetElapsedTime(look.At) > Usable)
        {
            // All who come meanwhile wait for this one.
            var next = new Look(clock.GetTimestamp(), new Lazy<Task<LiveClient?>>(() => ReadAsync(key.Tenant, key.Client)));
            var isMine = look is null ? looks.TryAdd(key, next) : looks.TryUpdate(key, next, look);
            look = isMine ? next : looks.GetValueOrDefault(key) ?? next;
        }

        try
        {
            var client = await look.Client.Value.WaitAsync(cancellationToken);
            // One that is gone takes no memory.
            if (client is null)
                looks.TryRemove(KeyValuePair.Create(key, look));
            return client;
        }
        catch when (look.Client.Value.IsFaulted)
        {
            looks.TryRemove(KeyValuePair.Create(key, look));
            throw;
        }
    }

    private async Task<LiveClient?> ReadAsync(Guid tenant, Guid id)
    {
        var (row, revoked) = await database.QueryAsync(
            async db =>
                (
                    await ClientRow.FindAsync(db, tenant, id),
                    await db.ListAsync<Guid>(
                        "select token_id from openid.revoked_tokens where tenant_id = @tenant and client = @id",
                        new { tenant, id }
                    )
                ),
            CancellationToken.None
        );
        if (row is null || row.DisabledAt is not null)
            return null;
        return new LiveClient(await GrantedAsync(tenant, row), row.TokensSince) { Revoked = revoked.ToHashSet() };
    }

    private async Task<UserAccess> GrantedAsync(Guid tenant, ClientRow row)
    {
        if (row.Where is { } organization && !await organizations.IsActiveAsync(tenant, organization, CancellationToken.None))
            return UserAccess.None;
        var known = await permissions.FindAsync(row.Scopes, CancellationToken.None);
        return new UserAccess([
            new RoleGrant
            {
                RoleId = row.Id,
                Role = row.ClientId,
                Level = row.Level,
                OrganizationId = row.Where,
                Permissions = known.Values.Where(p => p.Level <= row.Level).Select(p => p.Name).ToHashSet(StringComparer.Ordinal),
            },
        ]);
    }

    /// <param name="At">When it began.</param>
    private sealed record Look(long At, Lazy<Task<LiveClient?>> Client);

    private sealed record LiveClient(UserAccess Access, DateTimeOffset TokensSince)
    {
        public required HashSet<Guid> Revoked { get; init; }

        public bool Accepts(Guid token) => !Revoked.Contains(token) && ServiceAccount.TimeOf(token) >= TokensSince;
    }
}
