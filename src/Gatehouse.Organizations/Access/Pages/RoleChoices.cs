using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>Roles to choose from: the newest ones that the actor sees, and the built-in ones.</summary>
internal sealed class RoleChoices(Database database, KnownPermissions permissions, RoleViews views, ListRoles.Handler roles)
{
    /// <summary>What a list to choose from can hold.</summary>
    private const string Limit = "100";

    /// <summary>The roles, the permissions there are, and whether no role is left out.</summary>
    public async Task<(IReadOnlyList<RoleView> Roles, PermissionSet Known, bool IsWhole)> ReadAsync(
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var known = await database.QueryAsync(permissions.ReadAsync, cancellationToken);
        var page = (await roles.HandleAsync(organization: null, new PageInput { Limit = Limit }, actor, cancellationToken)).Value;
        var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
        var builtIn = BuiltInRole
            .All.Where(role => RoleRules.IsVisible(role, visible) && page.Items.All(item => item.Id != role.Id))
            .Select(role => views.View(role, known));
        return ([.. page.Items, .. builtIn], known, page.Next is null);
    }
}
