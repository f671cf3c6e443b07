using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Lists organizations, newest first, as far as the actor may see them.</summary>
internal static class ListOrganizations
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations",
                async (
                    [Description("Part of the name or the code, in any case.")] string? q,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) => (await handler.HandleAsync(q, limit, after, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListOrganizations))
            .WithSummary("List organizations")
            .WithDescription("Newest first. An administrator of organizations sees those.")
            .Produces<Page<OrganizationView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<OrganizationView>>> HandleAsync(
            string? query,
            string? limit,
            string? after,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var page = PageQuery.Parse(limit, after, errors);
            var wanted = string.IsNullOrWhiteSpace(query) ? null : TextInput.Clean(query, "q", OrganizationTexts.MaxName, errors);
            if (errors.Any || page is null)
                return RequestErrors.InvalidWith(errors);

            var visible = actor.RequiredAccess.OrganizationsWith(StructureArea.ReadOrganizations.Name);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<OrganizationRow>(
                        $"""
                        select {OrganizationRow.Columns} from organizations.organizations
                         where tenant_id = @tenant and id < @After and (@visible::uuid[] is null or id = any(@visible))
                           and (@wanted::text is null
                                or position(lower(@wanted) in lower(name)) > 0 or position(lower(@wanted) in code) > 0)
                         order by id desc limit @Rows
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            page.After,
                            page.Rows,
                            visible = visible?.ToArray(),
                            wanted,
                        }
                    ),
                cancellationToken
            );
            return page.Of(rows, row => row.Id, row => row.View());
        }
    }
}
