using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Lists and searches the users of the tenant, newest first or sorted. An administrator of organizations sees their members, and whether
/// others exist cannot be told: a filter by a foreign organization finds nobody, like one by an unknown.
/// </summary>
internal static class ListUsers
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/users",
                async (
                    [Description(UserFilter.QueryDescription)] string? q,
                    [Description(UserFilter.RoleDescription)] string? role,
                    [Description(UserFilter.OrganizationDescription)] Guid? organization,
                    [Description(UserFilter.StatusDescription)] string? status,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    [Description(PageQuery.SortDescription)] string? sort,
                    Handler handler,
                    HttpContext http
                ) =>
                {
                    var errors = new ValidationErrors();
                    var filter = UserFilter.Parse(q, role, organization, status, errors);
                    var asked = new PageInput
                    {
                        Limit = limit,
                        After = after,
                        Sort = sort,
                    };
                    var page = handler.Page(asked, http.Actor(), errors);
                    return errors.Any || page is null
                        ? (IResult)RequestErrors.InvalidWith(errors).ToProblem()
                        : TypedResults.Json(await handler.HandleAsync(filter, page, http.Actor(), http.RequestAborted));
                }
            )
            .WithName(nameof(ListUsers))
            .WithSummary("List and search users")
            .WithDescription("Newest first, or sorted. An administrator of organizations sees their members.")
            .Produces<Page<UserSummary>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    internal sealed class Handler(Database database, BlindIndex blindIndex, ManagedUsers users, IDataProtectionProvider protection)
    {
        // As the index of the table is (V021__sorting.sql). No name stands in an address.
        private readonly Sorting sorting = new()
        {
            List = "users",
            Columns = [new() { Name = "name", Expression = StoredUser.ByName }],
            Protector = protection.CreateProtector("Gatehouse.Users.Cursor"),
        };

        /// <summary>The page that is asked for; null when an error was added.</summary>
        public PageQuery? Page(PageInput asked, Actor actor, ValidationErrors errors) =>
            PageQuery.Parse(asked, sorting, actor.Tenant.Id, errors);

        public async Task<Page<UserSummary>> HandleAsync(
            UserFilter filter,
            PageQuery page,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var scope = UserScope.Of(actor, AdministrationArea.ReadUsers);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<StoredUser>(
                        $"""
                        select {StoredUser.Columns} from identity.users u
                         where tenant_id = @tenant and {page.Beyond("id")} {filter.Conditions(scope)}
                         {page.Order("id")}
                        """,
                        DbSession.Parameters(
                            filter.Parameters(actor.Tenant.Id, scope, blindIndex),
                            new
                            {
                                page.Cursor,
                                page.Key,
                                page.Rows,
                            }
                        )
                    ),
                cancellationToken
            );
            var shown = (await users.SummariesAsync([.. rows.Take(page.Limit)], cancellationToken)).ToDictionary(u => u.Id);
            return page.Of(rows, u => u.Id, u => shown[u.Id], (u, _) => u.Name.Value);
        }
    }
}
