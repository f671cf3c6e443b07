using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Shows a role.</summary>
internal static class GetRole
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/roles/{id:guid}",
                async (Guid id, Handler handler, RoleViews views, HttpContext http) =>
                {
                    http.AcceptPatch();
                    return (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(found => views.Show(http, found));
                }
            )
            .WithName(nameof(GetRole))
            .WithSummary("Get a role")
            .WithDescription("Its ETag may be sent as If-Match with a change.")
            .Produces<RoleView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    internal sealed class Handler(Database database, KnownPermissions permissions)
    {
        public Task<Outcome<FoundRole>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.QueryAsync<Outcome<FoundRole>>(
                async db =>
                {
                    var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
                    if (BuiltInRole.Find(id) is { } builtIn)
                        return RoleRules.IsVisible(builtIn, visible)
                            ? new FoundRole(await permissions.ReadAsync(db)) { BuiltIn = builtIn }
                            : AccessErrors.RoleNotFound;
                    return await RoleRow.FindAsync(db, actor.Tenant.Id, id) is { } row && RoleRules.IsVisible(row.Where, visible)
                        ? new FoundRole(await permissions.ReadAsync(db)) { Own = row }
                        : AccessErrors.RoleNotFound;
                },
                cancellationToken
            );
    }
}
