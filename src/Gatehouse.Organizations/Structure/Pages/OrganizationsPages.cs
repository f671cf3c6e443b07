using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>The console's list of organizations: narrowed by its address, in which the text that was searched for stands sealed.</summary>
internal static class OrganizationsPages
{
    public const string Path = "/admin/organizations";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.organizations",
        Group = ConsoleGroup.People,
        Permission = StructureArea.ReadOrganizations,
        Order = 2,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPages().MapGet(Path, (Delegate)ShowAsync).RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    private static async Task<IResult> ShowAsync(ListOrganizations.Handler organizations, HttpContext http)
    {
        var query = http.Request.Query;
        var text = SealedText.Open(http, query["find"]);
        var typed = query["status"].ToString();
        var state = typed is OrganizationRow.Active or OrganizationRow.Inactive ? typed : null;
        var wanted = new ListOrganizations.Filter { Text = text, State = state };
        var listed = await organizations.HandleAsync(wanted, PageInput.Of(http), http.Actor(), http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var isBad = listed.Error is not null || (state is null && typed.Length > 0);
        if (listed.Error is not null)
            listed = await organizations.HandleAsync(ListOrganizations.Filter.None, PageInput.First, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<OrganizationsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(OrganizationsPage.Organizations)] = page,
                    [nameof(OrganizationsPage.Typed)] = text,
                    [nameof(OrganizationsPage.IsBad)] = isBad,
                }
            )
        );
    }
}
