using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Reads what a user may do each time anew: an administrator's right ends with its row.</summary>
internal sealed class AccessDirectory(Database database, Roles roles) : IAccessDirectory
{
    public async ValueTask<UserAccess> FindAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) =>
        await database.QueryAsync(db => roles.AccessAsync(db, tenantId, userId), cancellationToken);
}
