using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Pages;

/// <summary>
/// Keeps the language a user chose at the foot of a page, in a cookie of this browser, and leads back. It does no harm, so it asks for no
/// token of the form; that another site cannot do it is a courtesy to who would wonder. Where the form of the page came along, what was
/// typed waits there (<see cref="Draft"/>); passwords and codes are not among the fields that a page names for it.
/// </summary>
public static class LanguageChoice
{
    public const string Path = "/language";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static void MapLanguageChoice(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (Delegate)ChooseAsync).WithContentPolicy(ContentPolicy.Page).ExcludeFromDescription().AllowAnonymous();

    private static async Task<IResult> ChooseAsync(HttpContext http)
    {
        if (await RequestForm.ReadAsync(http) is { } unreadable)
            return unreadable.ToProblem();
        if (RequestForm.HasControlCharacters(http.Request.Form))
            return RequestErrors.Malformed.ToProblem();
        if (http.IsFromElsewhere())
            return RequestErrors.Forbidden.ToProblem();
        var form = http.Request.Form;
        var language = form["language"].ToString();
        if (!Languages.All.Contains(language, StringComparer.Ordinal))
            return RequestErrors.Malformed.ToProblem();

        Keep(http, language, Kept);
        // A form of the page has a returnUrl of its own.
        var next = LocalPath.OrHome(http.Request.Query["returnUrl"].ToString() is { Length: > 0 } named ? named : form["returnUrl"]);
        Draft.KeepTyped(http, next);
        http.Response.Headers.Location = next;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Keeps a language that the user did not choose here, such as one that an application asks for, until the browser is
    /// closed.</summary>
    public static void KeepForVisit(HttpContext http, string language) => Keep(http, language, kept: null);

    private static void Keep(HttpContext http, string language, TimeSpan? kept) =>
        http.Response.Cookies.Append(
            Languages.Cookie,
            language,
            new CookieOptions
            {
                MaxAge = kept,
                Path = "/",
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Secure = http.Request.IsHttps,
                IsEssential = true,
            }
        );
}
