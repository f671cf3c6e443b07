using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Access;

/// <summary>Roles that allow anything of Gatehouse itself. Nobody gets one by registering, and whoever gives one has proved lately who they
/// are.</summary>
internal sealed class PrivilegedRoles(Database database, Roles roles, KnownPermissions permissions)
{
    /// <summary>Whether a role with these permissions is one.</summary>
    public bool Contains(IEnumerable<string> allowed) => allowed.Any(permissions.IsDeclared);

    public async ValueTask<bool> ContainsAsync(Guid role, Actor actor, CancellationToken cancellationToken) =>
        await database.QueryAsync(db => roles.FindAsync(db, actor.Tenant.Id, role), cancellationToken) is { } found
        && Contains(found.Permissions);

    /// <summary>Whether the address of the request names one.</summary>
    public static Func<HttpContext, ValueTask<bool>> InRoute(string parameter) =>
        http => ContainsAsync(http, http.GetRouteValue(parameter) as string);

    /// <summary>Whether one is chosen in the form that was sent.</summary>
    public static async ValueTask<bool> InFormAsync(HttpContext http) =>
        await ContainsAsync(http, (await http.Request.ReadFormAsync(http.RequestAborted))[GiveRolePages.RoleField]);

    public static PrivilegedRoles Of(HttpContext http) => http.RequestServices.GetRequiredService<PrivilegedRoles>();

    private static async ValueTask<bool> ContainsAsync(HttpContext http, string? role) =>
        Guid.TryParse(role, out var id) && await Of(http).ContainsAsync(id, http.Actor(), http.RequestAborted);
}
