using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Lists the members of an organization with their roles there, the newest accounts first.</summary>
internal static class ListMembers
{
    public sealed record Item
    {
        public required Guid UserId { get; init; }

        [Description("Names of the roles in this organization.")]
        public required IReadOnlyList<string> Roles { get; init; }

        public required DateTimeOffset JoinedAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations/{id:guid}/members",
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
            .WithName(nameof(ListMembers))
            .WithSummary("List members")
            .WithDescription("The newest accounts first.")
            .Produces<Page<Item>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<Item>>> HandleAsync(Guid id, PageInput asked, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            if (PageQuery.Parse(asked, errors) is not { } page)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<Item>>>(
                async db =>
                {
                    if (await VisibleOrganization.FindAsync(db, actor, id, StructureArea.ReadOrganizations) is null)
                        return AccessErrors.OrganizationNotFound;
                    var rows = await db.ListAsync<Row>(
                        $"""
                        select user_id, joined_at from organizations.members
                         where tenant_id = @tenant and organization_id = @id and {page.Beyond("user_id")}
                         {page.Order("user_id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            page.Cursor,
                            page.Rows,
                        }
                    );
                    var roles = await Memberships.RolesInAsync(db, actor.Tenant.Id, id, [.. rows.Select(r => r.UserId)]);
                    return page.Of(
                        rows,
                        row => row.UserId,
                        row => new Item
                        {
                            UserId = row.UserId,
                            Roles = [.. roles[row.UserId]],
                            JoinedAt = row.JoinedAt,
                        }
                    );
                },
                cancellationToken
            );
        }

        private sealed class Row
        {
            public Guid UserId { get; init; }

            public DateTimeOffset JoinedAt { get; init; }
        }
    }
}
