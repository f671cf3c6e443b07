using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Shows the tenants, newest first or sorted: all to who administers the platform, to others the own one.</summary>
internal static class ListTenants
{
    private const string Name = "name";

    // As the indexes of the table are (V009__sorting.sql).
    private static readonly Sorting Sorting = new()
    {
        List = "tenants",
        Columns =
        [
            new() { Name = "displayName", Expression = $"display_name {SortColumn.ByName}" },
            new() { Name = Name, Expression = $"name {SortColumn.ByCode}" },
        ],
    };

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants",
                async (
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    [Description("createdAt, displayName or name; with - in front from the last to the first. Default: -createdAt.")]
                        string? sort,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            new PageInput
                            {
                                Limit = limit,
                                After = after,
                                Sort = sort,
                            },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(page => TypedResults.Json(page))
            )
            .WithName(nameof(ListTenants))
            .WithSummary("List the tenants")
            .WithDescription("Newest first, or sorted. A platform administrator sees all of them, a tenant administrator the own one.")
            .Produces<Page<TenantView>>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database, TenantOptions options)
    {
        public async Task<Outcome<Page<TenantView>>> HandleAsync(PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, Sorting, actor.Tenant.Id, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<TenantRow>(
                        $"""
                        select {TenantRow.Columns} from organizations.tenants
                         where {page.Beyond("id")} and (@only::uuid is null or id = @only)
                         {page.Order("id")}
                        """,
                        new
                        {
                            page.Cursor,
                            page.Key,
                            page.Rows,
                            only = actor.VisibleTenant(),
                        }
                    ),
                cancellationToken
            );
            return page.Of(
                rows,
                row => row.Id,
                row => TenantView.Of(row, options),
                (row, column) => column == Name ? row.Name : row.DisplayName
            );
        }
    }
}
