using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;

namespace Gatehouse.Identity.Closing;

/// <summary>
/// Erases a user. Everything of this module goes in one transaction, with the event that tells the others and the job
/// (<see cref="FinishErasing"/>) that destroys the key and removes what is kept elsewhere; so whatever dies in between, nothing is half
/// done and nothing is forgotten. What stays is the id.
/// <para>Publishes <c>session.revoked.v1</c> for each session and <c>user.erased.v1</c>.</para>
/// </summary>
internal sealed class Erasure(UserSessions sessions, Throttle throttle)
{
    /// <param name="record">Who does it, and why.</param>
    public async Task EraseAsync(Transaction tx, LockedUser user, AuditRecord record)
    {
        var (tenant, id) = (user.Row.TenantId, user.Row.Id);
        await sessions.EndAllAsync(tx, user, SessionEnd.Erased);
        await throttle.ClearAccountAsync(tx, tenant, id);
        await StoredFile.ReleaseAsync(tx, tenant, id);
        await tx.ExecuteAsync(
            """
            insert into identity.erased_users (tenant_id, user_id, erased_at) values (@tenant, @id, @Now)
            on conflict on constraint erased_users_pkey do nothing
            """,
            new
            {
                tenant,
                id,
                tx.Now,
            }
        );
        user.Publish(tx, new UserErasedV1 { UserId = id });
        tx.Record(record with { Subject = id });
        FinishErasing.Enqueue(tx, tenant, id);
        await UserRows.RemoveAsync(tx, tenant, id);
    }
}
