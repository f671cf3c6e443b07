using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;

namespace Gatehouse.OpenId.Clients;

/// <summary>Tells other modules what clients are called.</summary>
internal sealed class ServiceAccountNames(Database database) : IServiceAccountNames
{
    public async ValueTask<IReadOnlyDictionary<Guid, string>> NamesAsync(
        Guid tenantId,
        IReadOnlyCollection<Guid> clientIds,
        CancellationToken cancellationToken
    )
    {
        if (clientIds.Count == 0)
            return new Dictionary<Guid, string>();
        var rows = await database.QueryAsync(
            db =>
                db.ListAsync<ClientRow>(
                    $"select {ClientRow.Columns} from openid.clients where tenant_id = @tenantId and id = any(@ids)",
                    new { tenantId, ids = clientIds.ToArray() }
                ),
            cancellationToken
        );
        return rows.ToDictionary(row => row.Id, row => row.Name);
    }
}
