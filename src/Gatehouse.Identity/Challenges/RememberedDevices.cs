using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Challenges;

/// <summary>Known devices on which the user is not asked for a second factor for a while. They are forgotten when the factors change, and
/// with the password, which makes every device unknown.</summary>
internal static class RememberedDevices
{
    public const int Days = 30;

    public static async Task<bool> KnowAsync(DbSession db, StoredUser user, Guid? device, DateTimeOffset now) =>
        device is not null
        && await db.SingleAsync<bool>(
            """
            select exists (select from identity.remembered_devices
                            where tenant_id = @TenantId and user_id = @Id and device_id = @device and expires_at > @now)
            """,
            new
            {
                user.TenantId,
                user.Id,
                device,
                now,
            }
        );

    public static Task AddAsync(Transaction tx, StoredUser user, Guid device) =>
        tx.ExecuteAsync(
            """
            insert into identity.remembered_devices (tenant_id, user_id, device_id, expires_at)
            values (@TenantId, @Id, @device, @until)
            on conflict on constraint remembered_devices_pkey do update set expires_at = excluded.expires_at
            """,
            new
            {
                user.TenantId,
                user.Id,
                device,
                until = tx.Now.AddDays(Days),
            }
        );

    public static Task ForgetAsync(Transaction tx, StoredUser user) =>
        tx.ExecuteAsync(
            "delete from identity.remembered_devices where tenant_id = @TenantId and user_id = @Id",
            new { user.TenantId, user.Id }
        );
}
