using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.SignIn;

/// <summary>The applications that have access to the own account, each with a way to take it back.</summary>
internal static class ApplicationsPages
{
    public const string Path = "/account/applications";
    public const string IdField = "application";

    private static readonly SealedCookie Told = new(
        "__Host-gatehouse-application",
        "Gatehouse.OpenId.Applications",
        TimeSpan.FromMinutes(5)
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, ShowAsync).RequireSignIn();
        pages.MapPost(Path, RemoveAsync).RequireSignIn().FormOf(Path);
    }

    private static async Task<IResult> ShowAsync(ListApplications.Handler list, HttpContext http)
    {
        var told = Told.Read(http, Path);
        if (told.Count > 0)
            Told.Remove(http);
        return http.Page<ApplicationsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ApplicationsPage.Items)] = await list.HandleAsync(http.Actor(), http.RequestAborted),
                [nameof(ApplicationsPage.Removed)] = told is [var name] ? name : null,
            }
        );
    }

    private static async Task<IResult> RemoveAsync(RemoveApplication.Handler remove, HttpContext http)
    {
        // One that is gone already is what was wanted.
        if (Guid.TryParse(http.Request.Form[IdField], out var id))
        {
            var removed = await remove.HandleAsync(id, http.Actor(), http.RequestAborted);
            if (removed.Succeeded)
                Told.Write(http, Path, [removed.Value]);
        }

        return http.SeeOther(Path);
    }
}
