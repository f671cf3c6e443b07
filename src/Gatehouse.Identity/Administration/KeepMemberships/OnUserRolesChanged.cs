using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Keeps where a user belongs and with which roles (<c>identity.memberships</c>). Each event has the whole state, so repeating it changes
/// nothing. A user without a role in the whole tenant has no row for it.
/// <para>Ends the sessions whose current organization is inactive now. Who belongs to inactive organizations only, and has no role in the
/// whole tenant, cannot sign in until one of them is active again.</para>
/// <para>Publishes <c>session.revoked.v1</c> for each session.</para>
/// </summary>
internal sealed class OnUserRolesChanged(UserSessions sessions) : ISubscriber<UserRolesChangedV1>
{
    /// <summary>The <c>organization_id</c> of roles in the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public async Task<Delivery> HandleAsync(
        UserRolesChangedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        await SuspendAsync(tx, envelope.TenantId, message);
        var rows = message.Memberships.Select(m => (m.OrganizationId, m.Roles)).ToList();
        if (message.Roles.Count > 0)
            rows.Add((WholeTenant, message.Roles));
        await tx.ExecuteAsync(
            """
            delete from identity.memberships
             where tenant_id = @TenantId and user_id = @UserId and organization_id <> all(@organizations)
            """,
            new
            {
                envelope.TenantId,
                message.UserId,
                organizations = rows.Select(r => r.OrganizationId).ToArray(),
            }
        );
        foreach (var (organization, roles) in rows)
            await tx.ExecuteAsync(
                """
                insert into identity.memberships (tenant_id, user_id, organization_id, roles)
                select @TenantId, @UserId, @organization, @roles
                 where not exists (select from identity.erased_users where tenant_id = @TenantId and user_id = @UserId)
                on conflict on constraint memberships_pkey do update set roles = excluded.roles
                """,
                new
                {
                    envelope.TenantId,
                    message.UserId,
                    organization,
                    roles = roles.ToArray(),
                }
            );
        return Delivery.Done;
    }

    private async Task SuspendAsync(Transaction tx, Guid tenant, UserRolesChangedV1 message)
    {
        var key = new
        {
            tenant,
            message.UserId,
            WholeTenant,
            tx.Now,
        };
        var isSuspended = message is { Memberships.Count: 0, Roles.Count: 0, Inactive.Count: > 0 };
        if (!isSuspended)
            await tx.ExecuteAsync(
                "update identity.users set suspended_at = null where tenant_id = @tenant and id = @UserId and suspended_at is not null",
                key
            );
        if (message.Inactive is not { Count: > 0 } inactive || await LockedUser.LockAsync(tx, tenant, message.UserId) is not { } user)
            return;
        if (isSuspended)
            await tx.ExecuteAsync(
                "update identity.users set suspended_at = coalesce(suspended_at, @Now) where tenant_id = @tenant and id = @UserId",
                key
            );
        var before = await tx.ListAsync<Guid>(
            """
            select organization_id from identity.memberships
             where tenant_id = @tenant and user_id = @UserId and organization_id <> @WholeTenant
            """,
            key
        );
        await sessions.EndInAsync(tx, user, before, inactive);
        // Signed in meanwhile, before this was known here.
        if (isSuspended)
            await sessions.EndAllAsync(tx, user, SessionEnd.OrganizationDeactivated);
        await user.SaveAsync(tx);
    }
}
