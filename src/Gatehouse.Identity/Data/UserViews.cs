using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Data;

/// <summary>Reads accounts as their owners see them. The one read that every page and service repeats: under load many share a
/// statement.</summary>
internal sealed class UserViews(Database database, SubjectKeys subjectKeys, PictureAddresses pictures, TimeProvider clock)
{
    private readonly BatchedStatements<(Guid Tenant, Guid Id), StoredUser> users = new(
        async (ids, cancellationToken) =>
            (await database.QueryAsync(db => StoredUser.ListAsync(db, ids), cancellationToken)).ToDictionary(user =>
                (user.TenantId, user.Id)
            )
    );

    /// <summary>Null where there is no such user any more.</summary>
    public async Task<UserView?> FindAsync(Guid tenantId, Guid id, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync((tenantId, id), cancellationToken);
        return user?.View(await subjectKeys.FindAsync(id, cancellationToken), clock.GetUtcNow(), pictures);
    }
}
