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

    /// <summary>
    /// Whether the user is a member of one of the organizations. An administrator of organizations takes nobody in whom they do not see: a
    /// member's address could be read and the account changed.
    /// </summary>
    /// <param name="organizations">Those that the actor administers; null for an administrator of the tenant, who sees all.</param>
    public static async Task<bool> IsInReachAsync(DbSession db, Guid tenant, Guid user, IReadOnlySet<Guid>? organizations) =>
        organizations is null
        || await db.SingleAsync<bool>(
            """
            select exists (select 1 from organizations.members
                            where tenant_id = @tenant and user_id = @user and organization_id = any(@organizations))
            """,
            new
            {
                tenant,
                user,
                organizations = organizations.ToArray(),
            }
        );

    /// <summary>Those of the users who are members of one of the organizations.</summary>
    public static Task<IReadOnlyList<Guid>> InReachAsync(DbSession db, Guid tenant, Guid[] users, IReadOnlySet<Guid> organizations) =>
        db.ListAsync<Guid>(
            """
            select distinct user_id from organizations.members
             where tenant_id = @tenant and user_id = any(@users) and organization_id = any(@organizations)
            """,
            new
            {
                tenant,
                users,
                organizations = organizations.ToArray(),
            }
        );

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

    /// <summary>Ends the membership and takes the roles there.</summary>
    /// <returns>Whether the user was a member.</returns>
    public static async Task<bool> LeaveAsync(Transaction tx, Guid tenant, Guid organization, Guid user)
    {
        var key = new
        {
            tenant,
            organization,
            user,
        };
        await tx.ExecuteAsync(
            "delete from organizations.role_assignments where tenant_id = @tenant and organization_id = @organization and user_id = @user",
            key
        );
        return await tx.ExecuteAsync(
                "delete from organizations.members where tenant_id = @tenant and organization_id = @organization and user_id = @user",
                key
            ) > 0;
    }

    /// <summary>The user's roles in that organization.</summary>
    public static Task<IReadOnlyList<Guid>> RoleIdsAsync(DbSession db, Guid tenant, Guid organization, Guid user) =>
        db.ListAsync<Guid>(
            """
            select role_id from organizations.role_assignments
             where tenant_id = @tenant and organization_id = @organization and user_id = @user
            """,
            new
            {
                tenant,
                organization,
                user,
            }
        );

    /// <summary>The names of several users' roles in that organization.</summary>
    public static async Task<ILookup<Guid, string>> RolesInAsync(DbSession db, Guid tenant, Guid organization, Guid[] users)
    {
        var assigned = await db.ListAsync<Assigned>(
            """
            select a.user_id, a.organization_id, a.role_id, r.name
              from organizations.role_assignments a
              left join organizations.roles r on r.tenant_id = a.tenant_id and r.id = a.role_id
             where a.tenant_id = @tenant and a.organization_id = @organization and a.user_id = any(@users)
             order by a.assigned_at, a.role_id
            """,
            new
            {
                tenant,
                organization,
                users,
            }
        );
        return assigned.ToLookup(a => a.UserId, a => a.RoleName);
    }

    /// <summary>
    /// Whether the user is the only administrator of that organization. Locks all of them, in one order, so that two cannot leave at once.
    /// </summary>
    public static async Task<bool> IsLastAdministratorAsync(Transaction tx, Guid tenant, Guid organization, Guid user)
    {
        var holders = await tx.ListAsync<Guid>(
            """
            select user_id from organizations.role_assignments
             where tenant_id = @tenant and organization_id = @organization and role_id = @role
             order by user_id for update
            """,
            new
            {
                tenant,
                organization,
                role = BuiltInRole.OrganizationAdministrator.Id,
            }
        );
        return holders is [var only] && only == user;
    }

    /// <summary>Publishes what the user's roles and memberships are after the change.</summary>
    public static async Task PublishAsync(Transaction tx, Guid tenant, Guid user)
    {
        var members = await tx.ListAsync<Member>(
            """
            select m.organization_id, o.state = 'active' as is_active from organizations.members m
              join organizations.organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
             where m.tenant_id = @tenant and m.user_id = @user
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
        var roles = assigned.ToLookup(a => a.OrganizationId, a => a.RoleName);
        tx.Publish(
            tenant,
            user,
            new UserRolesChangedV1
            {
                UserId = user,
                Roles = [.. roles[Roles.WholeTenant]],
                Memberships =
                [
                    .. members.Where(m => m.IsActive).Select(m => new MembershipV1(m.OrganizationId, [.. roles[m.OrganizationId]])),
                ],
                Inactive = members.All(m => m.IsActive) ? null : [.. members.Where(m => !m.IsActive).Select(m => m.OrganizationId)],
            }
        );
    }

    private sealed class Member
    {
        public Guid OrganizationId { get; init; }

        public bool IsActive { get; init; }
    }

    private sealed class Assigned
    {
        public Guid UserId { get; init; }

        public Guid OrganizationId { get; init; }

        public Guid RoleId { get; init; }

        public string? Name { get; init; }

        public string RoleName => BuiltInRole.Find(RoleId)?.Name ?? Name!;
    }
}
