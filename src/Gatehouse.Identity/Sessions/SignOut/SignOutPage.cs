using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Sessions;

/// <summary>Ends the browser's session. It works however broken the cookies are: what cannot be ended is at least forgotten by the
/// browser.</summary>
internal static class SignOutPage
{
    public const string Path = "/sign-out";
    public const string DonePath = "/signed-out";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapPost(
                Path,
                async (EndSessions.Handler handler, HttpContext http) =>
                {
                    if (http.Actor().User is not null)
                        await handler.EndOneAsync(EndSessions.Current, http.Actor(), http.RequestAborted);
                    http.SignOut();
                    return http.SeeOther(DonePath);
                }
            )
            .AllowAnonymous();
        pages
            .MapGet(DonePath, (HttpContext http) => http.Page<SignedOut>(new Dictionary<string, object?>(StringComparer.Ordinal)))
            .AllowAnonymous();
    }
}
