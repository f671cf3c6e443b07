using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Placement;

/// <summary>Lists the e-mail domains of an organization, newest first.</summary>
internal static class ListEmailDomains
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations/{id:guid}/domains",
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
            .WithName(nameof(ListEmailDomains))
            .WithSummary("List e-mail domains")
            .WithDescription("The newest first.")
            .Produces<Page<EmailDomainView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<EmailDomainView>>> HandleAsync(
            Guid id,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<EmailDomainView>>>(
                async db =>
                {
                    if (await VisibleOrganization.FindAsync(db, actor, id, StructureArea.ReadOrganizations) is null)
                        return AccessErrors.OrganizationNotFound;
                    var rows = await db.ListAsync<PlacementRow>(
                        $"""
                        select id, domain as value, organization_id, created_at from organizations.email_domains
                         where tenant_id = @tenant and organization_id = @id and {page.Beyond("id")}
                         {page.Order("id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            page.Cursor,
                            page.Rows,
                        }
                    );
                    return page.Of(rows, row => row.Id, row => row.Domain());
                },
                cancellationToken
            );
        }
    }
}
