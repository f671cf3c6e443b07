using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>The console's list of roles.</summary>
internal sealed class RolesPages(ListRoles.Handler roles, RoleHolders holders, OrganizationCodes organizations)
{
    public const string Path = "/admin/roles";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.roles",
        Group = ConsoleGroup.Access,
        Permission = AccessArea.ReadRoles,
        Order = 1,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(Path, (RolesPages pages, HttpContext http) => pages.ShowAsync(http))
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    private async Task<IResult> ShowAsync(HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var wanted = http.Request.Query[OrganizationCodes.Field].ToString();
        var (organization, isBad) = ((OrganizationLink?)null, false);
        if (wanted.Length > 0)
        {
            organization = Guid.TryParse(wanted, out var id) ? await organizations.FindAsync(id, AccessArea.ReadRoles, actor, stop) : null;
            isBad = organization is null;
        }

        // What cannot be read narrows nothing, and the page says so.
        var listed = await roles.HandleAsync(organization?.Id, PageInput.Of(http), actor, stop);
        isBad |= listed.Error is not null;
        if (listed.Error is not null)
            listed = await roles.HandleAsync(organization?.Id, PageInput.First, actor, stop);
        if (listed.Error is { } error)
            return error.ToProblem();
        var items = listed.Value.Items;
        return http.Page<RolesPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RolesPage.Roles)] = listed.Value,
                [nameof(RolesPage.Holders)] = await holders.CountAsync([.. items.Select(role => role.Id)], actor, stop),
                [nameof(RolesPage.Homes)] = await organizations.NamesAsync(items.Select(role => role.OrganizationId), actor, stop),
                [nameof(RolesPage.Organization)] = organization,
                [nameof(RolesPage.IsBad)] = isBad,
            }
        );
    }
}
