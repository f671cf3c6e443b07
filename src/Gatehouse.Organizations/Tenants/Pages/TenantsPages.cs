using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The console's list of tenants: all to who administers the platform, to others the own one.</summary>
internal static class TenantsPages
{
    public const string Path = "/admin/tenants";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.tenants",
        Group = ConsoleGroup.System,
        Permission = TenantsArea.ReadTenants,
        InWholeTenant = true,
        Order = 10,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPages().MapGet(Path, (Delegate)ShowAsync).RequirePermission(TenantsArea.ReadTenants);

    private static async Task<IResult> ShowAsync(ListTenants.Handler tenants, HttpContext http)
    {
        var listed = await tenants.HandleAsync(PageInput.Of(http), http.Actor(), http.RequestAborted);
        // What cannot be read changes nothing, and the page says so.
        var isBad = listed.Error is not null;
        if (isBad)
            listed = await tenants.HandleAsync(PageInput.First, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<TenantsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(TenantsPage.Tenants)] = page,
                    [nameof(TenantsPage.IsBad)] = isBad,
                }
            )
        );
    }
}
