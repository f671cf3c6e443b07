using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>Shows the domains of the tenant, newest first.</summary>
internal static class ListDomains
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants/{id:guid}/domains",
                async (
                    Guid id,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(id, new PageInput { Limit = limit, After = after }, http.Actor(), http.RequestAborted)
                    ).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListDomains))
            .WithSummary("List the domains of the tenant")
            .WithDescription("The newest first, verified or not.")
            .Produces<Page<DomainView>>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<DomainView>>> HandleAsync(Guid id, PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            if (id != actor.Tenant.Id)
                return TenantsErrors.NotFound;
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<DomainRow>(
                        $"""
                        select {DomainRow.Columns} from {DomainRow.From}
                         where d.tenant_id = @id and {page.Beyond("d.id")}
                         {page.Order("d.id")}
                        """,
                        new
                        {
                            id,
                            page.Cursor,
                            page.Rows,
                        }
                    ),
                cancellationToken
            );
            return page.Of(rows, row => row.Id, row => row.View());
        }
    }
}
