using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Which role allows what, in one table: read only, changes are made on the pages of the roles.</summary>
internal sealed class MatrixPages(RoleChoices choices)
{
    public const string Path = RolesPages.Path + "/matrix";

    /// <summary>More columns do not fit.</summary>
    public const int MaxRoles = 6;

    public const string RoleParameter = "role";
    public const string PermissionParameter = "permission";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(Path, (MatrixPages pages, HttpContext http) => pages.ShowAsync(http))
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    private async Task<IResult> ShowAsync(HttpContext http)
    {
        var (all, known, isWhole) = await choices.ReadAsync(http.Actor(), http.RequestAborted);
        var wanted = http.Request.Query[RoleParameter].Select(id => Guid.TryParse(id, out var one) ? one : (Guid?)null).ToList();
        var chosen = all.Where(role => wanted.Contains(role.Id)).ToList();
        var permission = http.Request.Query[PermissionParameter].ToString();
        return http.Page<MatrixPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(MatrixPage.All)] = all,
                [nameof(MatrixPage.IsWhole)] = isWhole,
                // Built-in roles are told from each other by what they allow, so they are where it begins.
                [nameof(MatrixPage.Chosen)] = (chosen.Count > 0 ? chosen : [.. all.OrderByDescending(role => role.BuiltIn)])
                    .Take(MaxRoles)
                    .ToList(),
                [nameof(MatrixPage.IsTooMany)] = chosen.Count > MaxRoles,
                [nameof(MatrixPage.IsBad)] =
                    chosen.Count < wanted.Distinct().Count() || (permission.Length > 0 && known.Find(permission) is null),
                [nameof(MatrixPage.Groups)] = known.Groups(known.All.Select(one => one.Name), http),
                [nameof(MatrixPage.Permission)] = known.Find(permission) is null ? null : permission,
            }
        );
    }
}
