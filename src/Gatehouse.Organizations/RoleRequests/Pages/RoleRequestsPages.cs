using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>The console's list of role requests: those that wait, the oldest first, or those that were decided.</summary>
internal sealed class RoleRequestsPages(ListRoleRequests.Handler requests, RoleRequestNames names, TimeProvider clock)
{
    public const string Path = "/admin/role-requests";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.role-requests",
        Group = ConsoleGroup.People,
        Permission = RoleRequestsArea.ReviewRoleRequests,
        Order = 3,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(Path, (RoleRequestsPages pages, HttpContext http) => pages.ShowAsync(http))
            .RequirePermissionSomewhere(RoleRequestsArea.ReviewRoleRequests);

    private async Task<IResult> ShowAsync(HttpContext http)
    {
        var actor = http.Actor();
        var view = http.Request.Query["view"].ToString();
        var isDecided = view == RoleRequestState.Decided;
        var filter = isDecided
            ? new ListRoleRequests.Filter { State = RoleRequestState.Decided }
            : new ListRoleRequests.Filter { State = RoleRequestState.Open, Order = ListRoleRequests.Oldest };
        var listed = await requests.HandleAsync(filter, PageInput.Of(http), actor, http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var isBad = listed.Error is not null || !(isDecided || view.Length == 0);
        if (listed.Error is not null)
            listed = await requests.HandleAsync(filter, PageInput.First, actor, http.RequestAborted);
        if (listed.Error is { } error)
            return error.ToProblem();
        return http.Page<RoleRequestsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RoleRequestsPage.Requests)] = await names.NamedAsync(listed.Value.Items, actor, http.RequestAborted),
                [nameof(RoleRequestsPage.Links)] = listed.Value.Links,
                [nameof(RoleRequestsPage.Now)] = clock.GetUtcNow(),
                [nameof(RoleRequestsPage.IsDecided)] = isDecided,
                [nameof(RoleRequestsPage.IsBad)] = isBad,
            }
        );
    }
}
