using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Asks a user whether to sign out, where an application says so without proof that it is about this user.</summary>
internal static class EndSessionPages
{
    public const string Path = BrowserPaths.EndSession + "/confirm";
    public const string DonePath = "/signed-out";
    public const string QueryField = "query";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapPages();
        group.MapGet(Path, Show).AllowAnonymous();
        group.MapPost(Path, (IApplicationSessions sessions, HttpContext http) => EndAsync(sessions, http)).AllowAnonymous().FormOf(Path);
    }

    private static RazorComponentResult Show(HttpContext http)
    {
        if (Uri.TryCreate(http.Request.Query[Parameters.PostLogoutRedirectUri], UriKind.Absolute, out var address))
            http.Features.Set(ContentPolicy.PageTo(address));
        return http.Page<EndSessionPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EndSessionPage.Query)] = http.Request.QueryString.ToUriComponent(),
            }
        );
    }

    private static async Task<IResult> EndAsync(IApplicationSessions sessions, HttpContext http)
    {
        if (http.Actor().User is { } user)
            await sessions.EndAsync(user.Id, user.SessionId, SessionEnding.SignedOut, http.Actor(), CancellationToken.None);
        http.SignOut();
        var query = new QueryString(http.Request.Form[QueryField].ToString() is { Length: > 1 } typed && typed[0] == '?' ? typed : "");
        http.Response.Headers.Location = query.HasValue ? BrowserPaths.EndSession + query.ToUriComponent() : DonePath;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
