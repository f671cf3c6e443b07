using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Data;

/// <summary>
/// A user's row under its lock. Events of the user get the next versions, in order; <see cref="SaveAsync"/> stores how far they came and
/// ends the work on the row.
/// </summary>
internal sealed class LockedUser
{
    private bool published;
    private bool changed;

    private LockedUser(StoredUser row) => (Row, Version) = (row, row.Version);

    public StoredUser Row { get; private set; }

    public long Version { get; private set; }

    public static async Task<LockedUser?> LockAsync(Transaction tx, Guid tenantId, Guid id) =>
        await tx.FirstOrDefaultAsync<StoredUser>(
            $"select {StoredUser.Columns} from identity.users where tenant_id = @tenantId and id = @id for update",
            new { tenantId, id }
        )
            is { } row
            ? new LockedUser(row)
            : null;

    /// <summary>A user whose row this transaction inserted: nobody else sees it yet.</summary>
    public static LockedUser Inserted(StoredUser row) => new(row);

    /// <summary>Reads the row again after it was changed.</summary>
    public async Task ReloadAsync(Transaction tx) => Row = (await StoredUser.FindAsync(tx, Row.TenantId, Row.Id))!;

    public void Publish<TEvent>(Transaction tx, TEvent message)
        where TEvent : IEvent
    {
        tx.Publish(Row.TenantId, Row.Id, message, ++Version);
        published = true;
        changed |= message is UserUpdatedV1 or UserEmailChangedV1 or UserPhoneChangedV1 or UserVerifiedV1;
    }

    public async Task SaveAsync(Transaction tx)
    {
        if (!published)
            return;
        await tx.ExecuteAsync(
            """
            update identity.users set version = @Version, updated_at = case when @changed then @Now else updated_at end
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                Version,
                changed,
                tx.Now,
                Row.TenantId,
                Row.Id,
            }
        );
    }
}
