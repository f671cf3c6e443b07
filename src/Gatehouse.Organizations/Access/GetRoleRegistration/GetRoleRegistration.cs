using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Shows how users register for a role.</summary>
internal static class GetRoleRegistration
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/roles/{id:guid}/registration",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row => row.Show(http))
            )
            .WithName(nameof(GetRoleRegistration))
            .WithSummary("Get how users register for a role")
            .WithDescription("Roles are closed until they are opened. The ETag may be sent as If-Match with a change.")
            .Produces<RoleRegistrationView>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    public static IResult Show(this RoleRegistrationRow row, HttpContext http) =>
        http.Tagged(RoleRegistrationView.Of(row), EntityTags.Quoted(row.Version));

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<RoleRegistrationRow>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.QueryAsync<Outcome<RoleRegistrationRow>>(
                async db =>
                {
                    var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
                    var isVisible = BuiltInRole.Find(id) is { } builtIn
                        ? RoleRules.IsVisible(builtIn, visible)
                        : await RoleRow.FindAsync(db, actor.Tenant.Id, id) is { } row && RoleRules.IsVisible(row.Where, visible);
                    return isVisible ? await RoleRegistrationRow.ReadAsync(db, actor.Tenant.Id, id) : AccessErrors.RoleNotFound;
                },
                cancellationToken
            );
    }
}
