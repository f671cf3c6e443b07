using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Notices sign-ins from devices that are not known. Who never came back on a known one, such as a program that keeps no device token,
/// would be told of every sign-in, and is told of none.
/// </summary>
internal static class NewDevices
{
    public static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    /// <summary>At most one statement: the first return of a known device, or the job that tells of a new one.</summary>
    /// <param name="device">The known one; null for a new one.</param>
    public static async Task NoteAsync(Transaction tx, StoredUser user, Guid? device, FirstFactor proved, Guid session, Actor actor)
    {
        if (device is not null && !user.HasKnownDevice)
            await tx.ExecuteAsync(
                "update identity.users set has_known_device = true where tenant_id = @TenantId and id = @Id",
                new { user.TenantId, user.Id }
            );
        else if (device is null && proved.Method != FirstFactor.Registration.Method && IsDue(user, tx.Now))
            TellOfNewDevice.Enqueue(tx, user, session, actor);
    }

    public static bool IsDue(StoredUser user, DateTimeOffset now) =>
        user.HasKnownDevice && !(user.NewDeviceToldAt is { } told && told + Silence > now);
}
