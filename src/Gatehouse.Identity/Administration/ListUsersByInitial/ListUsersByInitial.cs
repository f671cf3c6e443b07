using System.ComponentModel;
using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Lists users by name, grouped by their first letter, with the filters of <see cref="ListUsers"/>. A page is a number of users, so a group
/// may go on in the next one. The cursor is the id of the last user: no name stands in an address.
/// </summary>
internal static class ListUsersByInitial
{
    public sealed record Group
    {
        [Description("The first letter of the names, in upper case.")]
        public required string Key { get; init; }

        public required IReadOnlyList<UserSummary> Items { get; init; }
    }

    public sealed record Response
    {
        [Description("In the order of names. A group may continue on the next page, under the same key.")]
        public required IReadOnlyList<Group> Groups { get; init; }

        [Description("Send it as after to get the next page; null on the last page.")]
        public required string? Next { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/users/by-initial",
                async (
                    [Description(UserFilter.QueryDescription)] string? q,
                    [Description(UserFilter.RoleDescription)] string? role,
                    [Description(UserFilter.OrganizationDescription)] Guid? organization,
                    [Description(UserFilter.StatusDescription)] string? status,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    Handler handler,
                    HttpContext http
                ) =>
                {
                    var errors = new ValidationErrors();
                    var filter = UserFilter.Parse(q, role, organization, status, errors);
                    var page = PageQuery.Parse(limit, after, errors);
                    return errors.Any || page is null
                        ? (IResult)RequestErrors.InvalidWith(errors).ToProblem()
                        : TypedResults.Json(await handler.HandleAsync(filter, page, http.Actor(), http.RequestAborted));
                }
            )
            .WithName(nameof(ListUsersByInitial))
            .WithSummary("List users by first letter")
            .WithDescription("By name, grouped by first letter. An administrator of organizations sees their members.")
            .Produces<Response>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    internal sealed class Handler(Database database, BlindIndex blindIndex, ManagedUsers users)
    {
        public async Task<Response> HandleAsync(UserFilter filter, PageQuery page, Actor actor, CancellationToken cancellationToken)
        {
            var rows = await database.QueryAsync(db => ReadAsync(db, filter, page, actor), cancellationToken);
            var shown = await users.SummariesAsync([.. rows.Take(page.Limit)], cancellationToken);
            return new Response
            {
                Groups =
                [
                    .. shown.GroupBy(u => Initial(u.Name), StringComparer.Ordinal).Select(g => new Group { Key = g.Key, Items = [.. g] }),
                ],
                Next = page.Of(rows, u => u.Id, u => u.Id).Next,
            };
        }

        private async Task<IReadOnlyList<StoredUser>> ReadAsync(DbSession db, UserFilter filter, PageQuery page, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            var last = page.IsFirst
                ? null
                : await db.FirstOrDefaultAsync<string>(
                    "select name from identity.users where tenant_id = @tenant and id = @Cursor",
                    new { tenant, page.Cursor }
                );
            // The cursor of another tenant, or a made-up one: behind nobody comes nobody.
            if (last is null && !page.IsFirst)
                return [];
            var scope = UserScope.Of(actor, AdministrationArea.ReadUsers);
            return await db.ListAsync<StoredUser>(
                $"""
                select {StoredUser.Columns} from identity.users u
                 where tenant_id = @tenant {(last is null ? "" : $"and ({StoredUser.ByName}, id) > (@last, @Cursor)")} {filter.Conditions(
                    scope
                )}
                 order by {StoredUser.ByName}, id
                 limit @Rows
                """,
                DbSession.Parameters(
                    filter.Parameters(tenant, scope, blindIndex),
                    new
                    {
                        last,
                        page.Cursor,
                        page.Rows,
                    }
                )
            );
        }
    }

    internal static string Initial(string name) => StringInfo.GetNextTextElement(name).ToUpperInvariant();
}
