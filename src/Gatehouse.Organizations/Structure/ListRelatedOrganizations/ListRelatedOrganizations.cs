using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Lists the organizations to which one is related, newest first: their ids alone.</summary>
internal static class ListRelatedOrganizations
{
    public sealed record Related
    {
        public required Guid OrganizationId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations/{id:guid}/related",
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
            .WithName(nameof(ListRelatedOrganizations))
            .WithSummary("List related organizations")
            .WithDescription("The newest organizations first.")
            .Produces<Page<Related>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<Related>>> HandleAsync(Guid id, PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<Related>>>(
                async db =>
                {
                    if (await VisibleOrganization.FindAsync(db, actor, id, StructureArea.ReadOrganizations) is null)
                        return AccessErrors.OrganizationNotFound;
                    var related = await db.ListAsync<Guid>(
                        $"""
                        select related_id from organizations.related_organizations
                         where tenant_id = @tenant and organization_id = @id and {page.Beyond("related_id")}
                         {page.Order("related_id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            page.Cursor,
                            page.Rows,
                        }
                    );
                    return page.Of(related, one => one, one => new Related { OrganizationId = one });
                },
                cancellationToken
            );
        }
    }
}
