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
    /// <summary>Tables of this schema that know a user by <c>user_id</c> and nothing of what is in them outlives the user.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "identity.identifiers",
        "identity.verifications",
        "identity.memberships",
        "identity.totp",
        "identity.recovery_codes",
        "identity.challenges",
        "identity.remembered_devices",
        "identity.passkeys",
        "identity.passkey_ceremonies",
        "identity.former_emails",
        "identity.former_usernames",
        "identity.accepted_terms",
        "identity.sent_code_factors",
    ];

    /// <param name="record">Who does it, and why.</param>
    public async Task EraseAsync(Transaction tx, LockedUser user, AuditRecord record)
    {
        var (tenant, id) = (user.Row.TenantId, user.Row.Id);
        await sessions.EndAllAsync(tx, user, SessionEnd.Erased);
        // Nodes still follow them to learn what was revoked; where and on what they were is nobody's business any more.
        await tx.ExecuteAsync(
            "update identity.sessions set device = '', network = '' where tenant_id = @tenant and user_id = @id",
            new { tenant, id }
        );
        await throttle.ClearAccountAsync(tx, tenant, id);
        foreach (var table in Tables)
            await tx.ExecuteAsync($"delete from {table} where tenant_id = @tenant and user_id = @id", new { tenant, id });
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
        await tx.ExecuteAsync("delete from identity.users where tenant_id = @tenant and id = @id", new { tenant, id });
    }
}
