using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>The console's list of users: narrowed by its address, in which the text that was searched for stands sealed.</summary>
internal static class UsersPages
{
    public const string Path = ConsolePaths.Users;

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.users",
        Group = ConsoleGroup.People,
        Permission = AdministrationArea.ReadUsers,
        Order = 1,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPages().MapGet(Path, (Delegate)ShowAsync).RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    private static async Task<IResult> ShowAsync(ListUsers.Handler users, HttpContext http)
    {
        var query = http.Request.Query;
        var errors = new ValidationErrors();
        var text = SealedText.Open(http, query["find"]);
        var organization = Guid.TryParse(query["organization"], out var id) ? id : (Guid?)null;
        // What cannot be read narrows nothing, and the page says so.
        var filter = UserFilter.Parse(text, query["role"], organization, query["status"], errors);
        var isBad = errors.Any || (organization is null && !string.IsNullOrEmpty(query["organization"]));
        var page =
            PageQuery.Parse(limit: null, query["after"].FirstOrDefault(), errors)
            ?? PageQuery.Parse(limit: null, after: null, new ValidationErrors())!;
        return http.Page<UsersPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(UsersPage.Users)] = await users.HandleAsync(filter, page, http.Actor(), http.RequestAborted),
                [nameof(UsersPage.Typed)] = text,
                [nameof(UsersPage.IsBad)] = isBad,
            }
        );
    }
}
