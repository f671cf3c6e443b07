using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Pages;

/// <summary>
/// Keeps the language a user chose at the foot of a page, in a cookie of this browser, and leads back. It does no harm, so it asks for no token of the
/// form; that another site cannot do it is a courtesy to who would wonder.
/// </summary>
public static class LanguageChoice
{
    public const string Path = "/language";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static void MapLanguageChoice(this IEndpointRouteBuilder routes) => routes
        .MapPost(Path, (Delegate)ChooseAsync)
        .WithContentPolicy(ContentPolicy.Page)
        .ExcludeFromDescription()
        .AllowAnonymous();

    private static async Task<IResult> ChooseAsync(HttpContext http)
    {
        if (await RequestForm.ReadAsync(http) is { } unreadable) return unreadable.ToProblem();
        if (RequestForm.HasControlCharacters(http.Request.Form)) return RequestErrors.Malformed.ToProblem();
        if (http.IsFromElsewhere()) return RequestErrors.Forbidden.ToProblem();
        var form = http.Request.Form;
        var language = form["language"].ToString();
        if (!Languages.All.Contains(language, StringComparer.Ordinal)) return RequestErrors.Malformed.ToProblem();

        http.Response.Cookies.Append(Languages.Cookie, language, new CookieOptions
        {
            MaxAge = Kept,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            IsEssential = true,
        });

        http.Response.Headers.Location = LocalPath.OrHome(form["returnUrl"]);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
