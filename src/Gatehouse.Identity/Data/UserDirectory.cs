using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>Answers other modules whether there is such a user, and what it is called. One who was signed in before verifying does not
/// exist for them yet.</summary>
internal sealed class UserDirectory(Database database) : IUserDirectory
{
    public async ValueTask<bool> ExistsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select 1 from identity.users
                                    where tenant_id = @tenantId and id = @userId and unverified_until is null)
                    """,
                    new { tenantId, userId }
                ),
            cancellationToken
        );

    public async ValueTask<bool> IsActiveAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select 1 from identity.users
                                    where tenant_id = @tenantId and id = @userId and disabled_at is null and closed_at is null
                                      and unverified_until is null)
                    """,
                    new { tenantId, userId }
                ),
            cancellationToken
        );

    public async ValueTask<IReadOnlyDictionary<Guid, UserNames>> NamesAsync(
        Guid tenantId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken
    )
    {
        if (userIds.Count == 0)
            return new Dictionary<Guid, UserNames>();
        var rows = await database.QueryAsync(
            db =>
                db.ListAsync<StoredUser>(
                    $"select {StoredUser.Columns} from identity.users where tenant_id = @tenantId and id = any(@ids)",
                    new { tenantId, ids = userIds.ToArray() }
                ),
            cancellationToken
        );
        return rows.ToDictionary(user => user.Id, user => new UserNames { Name = user.Name.Value, Username = user.Username?.Typed });
    }
}
