using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>Answers other modules whether there is such a user.</summary>
internal sealed class UserDirectory(Database database) : IUserDirectory
{
    public async ValueTask<bool> ExistsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    "select exists (select 1 from identity.users where tenant_id = @tenantId and id = @userId)",
                    new { tenantId, userId }
                ),
            cancellationToken
        );
}
