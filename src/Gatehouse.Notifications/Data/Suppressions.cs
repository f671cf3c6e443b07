using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Data;

/// <summary>Statements on addresses that nothing is sent to.</summary>
internal static class Suppressions
{
    public static Task<bool> HoldsAsync(DbSession db, Guid tenantId, BlindIndexEntry addressIndex, DateTimeOffset now) =>
        db.SingleAsync<bool>(
            """
            select exists (select 1 from notifications.suppressions
                            where tenant_id = @tenantId and address_index = @addressIndex and (expires_at is null or expires_at > @now))
            """,
            new
            {
                tenantId,
                addressIndex,
                now,
            }
        );

    /// <summary>Sends nothing more to the address of the message, and records it. A bounce does not shorten what a complaint began.</summary>
    /// <param name="addressIndex">Null where the request was written without: then nothing can be suppressed.</param>
    public static async Task AddAsync(
        Transaction tx,
        Guid tenantId,
        BlindIndexEntry? addressIndex,
        string reason,
        Guid notificationId,
        DateTimeOffset? expiresAt
    )
    {
        if (addressIndex is null)
            return;
        await tx.ExecuteAsync(
            """
            insert into notifications.suppressions as s (tenant_id, address_index, reason, notification_id, created_at, expires_at)
            values (@tenantId, @addressIndex, @reason, @notificationId, @now, @expiresAt)
            on conflict (tenant_id, address_index) do update
               set reason = excluded.reason, notification_id = excluded.notification_id, created_at = excluded.created_at,
                   expires_at = excluded.expires_at
             where s.expires_at is not null
            """,
            new
            {
                tenantId,
                addressIndex,
                reason,
                notificationId,
                now = tx.Now,
                expiresAt,
            }
        );
        tx.Record(new AuditRecord(tenantId, "address.suppressed") { Reason = reason }.WithFact("notification", notificationId.ToString()));
    }
}
