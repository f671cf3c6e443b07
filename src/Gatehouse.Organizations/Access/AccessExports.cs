using Gatehouse.Web.Exports;

namespace Gatehouse.Organizations.Access;

/// <summary>Where users belong and what they may do, as their exports have it.</summary>
internal static class AccessExports
{
    public static ExportedRows Memberships { get; } =
        new()
        {
            Name = "memberships",
            Text = "page.export.memberships",
            Statement = """
                select m.organization_id, o.name as organization, m.joined_at
                  from organizations.members m
                  join organizations.organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
                 where m.tenant_id = @tenant and m.user_id = @user order by m.joined_at, o.id
                """,
        };

    public static ExportedRows Roles { get; } =
        new()
        {
            Name = "roles",
            Text = "page.export.roles",
            Statement = """
                select a.role_id, r.name as role, r.permissions, o.name as organization, a.assigned_at
                  from organizations.role_assignments a
                  left join organizations.roles r on r.tenant_id = a.tenant_id and r.id = a.role_id
                  left join organizations.organizations o on o.tenant_id = a.tenant_id and o.id = a.organization_id
                 where a.tenant_id = @tenant and a.user_id = @user order by a.assigned_at, a.role_id
                """,
        };
}
