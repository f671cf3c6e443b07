using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Organizations.Data;

/// <summary>Changes of one user's roles and memberships, one after the other, each told with all that stands then.</summary>
internal static class Memberships
{
    /// <summary>Holds up other changes of this user's roles and memberships until this transaction ends.</summary>
    public static Task LockAsync(Transaction tx, Guid user) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@user::text, 21))", new { user });

    /// <summary>Makes the user a member; nothing happens to one who is.</summary>
    /// <returns>Whether the user was none.</returns>
    public static async Task<bool> JoinAsync(Transaction tx, Guid tenant, Guid organization, Guid user) =>
        await tx.ExecuteAsync(
            """
            insert into organizations.members (tenant_id, organization_id, user_id, joined_at)
            values (@tenant, @organization, @user, @Now) on conflict do nothing
            """,
            new
            {
                tenant,
                organization,
                user,
                tx.Now,
            }
        ) > 0;

    /// <summary>Publishes what the user's roles and memberships are after the change.</summary>
    public static async Task PublishAsync(Transaction tx, Guid tenant, Guid user)
    {
        var members = await tx.ListAsync<Guid>(
            """
            select m.organization_id from organizations.members m
              join organizations.organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
             where m.tenant_id = @tenant and m.user_id = @user and o.state = 'active'
             order by m.joined_at, m.organization_id
            """,
            new { tenant, user }
        );
        var assigned = await tx.ListAsync<Assigned>(
            """
            select a.organization_id, a.role_id, r.name
              from organizations.role_assignments a
              left join organizations.roles r on r.tenant_id = a.tenant_id and r.id = a.role_id
             where a.tenant_id = @tenant and a.user_id = @user
             order by a.assigned_at, a.role_id
            """,
            new { tenant, user }
        );
        var roles = assigned.ToLookup(a => a.OrganizationId, a => BuiltInRole.Find(a.RoleId)?.Name ?? a.Name!);
        tx.Publish(
            tenant,
            user,
            new UserRolesChangedV1
            {
                UserId = user,
                Roles = [.. roles[Roles.WholeTenant]],
                Memberships = [.. members.Select(id => new MembershipV1(id, [.. roles[id]]))],
            }
        );
    }

    private sealed class Assigned
    {
        public Guid OrganizationId { get; init; }

        public Guid RoleId { get; init; }

        public string? Name { get; init; }
    }
}
