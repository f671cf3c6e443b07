using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>One organization in the console: who is in charge first.</summary>
internal static class OrganizationPages
{
    public static readonly ConsoleSection Overview = new()
    {
        Of = OrganizationsPages.Path,
        Suffix = "",
        Text = "page.console.organization.overview",
        Permission = StructureArea.ReadOrganizations,
        Order = 0,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(OrganizationsPages.Path + "/{id:guid}", ShowAsync)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    public static string PathOf(Guid id) => Overview.PathOf(id);

    private static async Task<IResult> ShowAsync(
        Guid id,
        GetOrganization.Handler organizations,
        OrganizationFigures figures,
        HttpContext http
    )
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error.ToProblem();
        return http.Page<OrganizationPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(OrganizationPage.Organization)] = found.Value.View(),
                [nameof(OrganizationPage.InactiveReason)] = found.Value.InactiveReason,
                [nameof(OrganizationPage.Summary)] = await figures.SummaryAsync(actor.Tenant.Id, id, http.RequestAborted),
                [nameof(OrganizationPage.Fragments)] = await http.PartsAsync(OrganizationsPages.Path, id),
            }
        );
    }
}
