using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Lists roles, as far as the actor may see them. The ids of built-in ones are below all others, so they come last.</summary>
internal static class ListRoles
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/roles",
                async (
                    [Description("Only roles that can be assigned in this organization.")] Guid? organization,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            organization,
                            new PageInput { Limit = limit, After = after },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListRoles))
            .WithSummary("List roles")
            .WithDescription("The newest first, built-in ones last. An administrator of organizations sees those that count there.")
            .Produces<Page<RoleView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    internal sealed class Handler(Database database, KnownPermissions permissions, RoleViews views)
    {
        public async Task<Outcome<Page<RoleView>>> HandleAsync(
            Guid? organization,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<RoleView>>>(
                async db =>
                {
                    var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
                    if (organization is { } wanted)
                    {
                        if (visible?.Contains(wanted) == false || await OrganizationRow.FindAsync(db, actor.Tenant.Id, wanted) is null)
                            return AccessErrors.OrganizationNotFound;
                        visible = new HashSet<Guid> { wanted };
                    }

                    var known = await permissions.ReadAsync(db);
                    var rows = await OwnAsync(db, actor.Tenant.Id, visible, page);
                    var builtIn = BuiltInRole.All.Where(role =>
                        RoleRules.IsVisible(role, visible) && (page.IsBack ? role.Id > page.Cursor : role.Id < page.Cursor)
                    );
                    var all = rows.Select(row => RoleViews.View(row, known)).Concat(builtIn.Select(role => views.View(role, known)));
                    var ordered = page.IsBack ? all.OrderBy(role => role.Id) : all.OrderByDescending(role => role.Id);
                    return page.Of([.. ordered.Take(page.Rows)], role => role.Id, role => role);
                },
                cancellationToken
            );
        }

        private static Task<IReadOnlyList<RoleRow>> OwnAsync(DbSession db, Guid tenant, IReadOnlySet<Guid>? visible, PageQuery page) =>
            db.ListAsync<RoleRow>(
                $"""
                select {RoleRow.Columns} from organizations.roles
                 where tenant_id = @tenant and {page.Beyond("id")}
                   and (@visible::uuid[] is null or organization_id = @WholeTenant or organization_id = any(@visible))
                 {page.Order("id")}
                """,
                new
                {
                    tenant,
                    page.Cursor,
                    page.Rows,
                    visible = visible?.ToArray(),
                    Roles.WholeTenant,
                }
            );
    }
}
