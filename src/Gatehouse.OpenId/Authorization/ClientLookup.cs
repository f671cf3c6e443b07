using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Finds clients with their secrets, and grants, as they are now: those that are asked for at the same moment in the same statements. A
/// busy application asks for itself again and again.
/// </summary>
internal sealed class ClientLookup(Database database)
{
    private readonly BatchedStatements<(Guid Tenant, string ClientId), FoundClient> clients = new(
        (names, cancellationToken) => database.QueryAsync(db => ListAsync(db, names), cancellationToken)
    );

    private readonly BatchedStatements<(Guid Tenant, Guid Id), UserGrant> grants = new(
        async (ids, cancellationToken) =>
            (await database.QueryAsync(db => UserGrant.ListAsync(db, ids), cancellationToken)).ToDictionary(grant =>
                (grant.TenantId, grant.Id)
            )
    );

    /// <summary>Null for an unknown one, which costs as many statements.</summary>
    public Task<FoundClient?> FindAsync(Guid tenant, string clientId, CancellationToken cancellationToken) =>
        clients.FindAsync((tenant, clientId), cancellationToken);

    public Task<UserGrant?> FindGrantAsync(Guid tenant, Guid id, CancellationToken cancellationToken) =>
        grants.FindAsync((tenant, id), cancellationToken);

    private static async Task<IReadOnlyDictionary<(Guid Tenant, string ClientId), FoundClient>> ListAsync(
        DbSession db,
        IReadOnlyList<(Guid Tenant, string ClientId)> names
    )
    {
        var rows = await ClientRow.ListAsync(db, names);
        var secrets = (await SecretRow.ListAsync(db, [.. rows.Select(row => (row.TenantId, row.Id))])).ToLookup(secret => secret.Client);
        return rows.ToDictionary(row => (row.TenantId, row.ClientId), row => new FoundClient(row, [.. secrets[row.Id]]));
    }
}

/// <summary>A client with its secrets, expired ones too, the oldest first.</summary>
internal sealed record FoundClient(ClientRow Row, IReadOnlyList<SecretRow> Secrets);
