using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

/// <summary>
/// What a user typed into a form whose session ended elsewhere meanwhile, or beside which another language was chosen. It waits in a
/// cookie that only this server can read, until the page of the form takes it out: after a session for the very user who typed it.
/// </summary>
public static class Draft
{
    /// <summary>The hidden field of a form that says whose it is.</summary>
    public const string OwnerField = "owner";

    private static readonly SealedCookie OfUser = new("__Host-gatehouse-draft", "Gatehouse.Pages.Draft", TimeSpan.FromHours(1));

    // For the page that follows at once.
    private static readonly SealedCookie OfBrowser = new("__Host-gatehouse-typed", "Gatehouse.Pages.Typed", TimeSpan.FromMinutes(5));

    /// <summary>Whether a draft waits for its user to sign in.</summary>
    public static bool HasDraft(this HttpContext http) => OfUser.IsSet(http);

    /// <summary>The fields of the form at <paramref name="page"/>, in their order, if the signed-in user typed them; whoever asks, nothing
    /// waits any more.</summary>
    public static IReadOnlyList<string>? TakeDraft(this HttpContext http, string page, int fields) =>
        Take(OfUser, http, page) is [var owner, .. var texts] && texts.Length == fields && owner == http.Actor().RequiredUser.Id.ToString()
            ? texts
            : null;

    /// <summary>The fields of a form for everybody, as they were typed before another language was chosen.</summary>
    public static IReadOnlyList<string>? TakeTyped(this HttpContext http, string page, int fields) =>
        Take(OfBrowser, http, page) is { } texts && texts.Length == fields ? texts : null;

    internal static void Keep(HttpContext http, FormPage page)
    {
        if (page.Kept.Count > 0)
            OfUser.Write(http, page.Path ?? http.Request.Path, Texts(http, page.Kept.Prepend(OwnerField)));
    }

    /// <summary>Keeps what the form has that came along with a choice of language, if the page at this path has such a form.</summary>
    internal static void KeepTyped(HttpContext http, string path)
    {
        path = path.Split('?')[0];
        var endpoints = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints;
        var pages = endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<FormPage>());
        if (pages.FirstOrDefault(page => page?.Path == path) is not { } page || !page.Kept.Any(http.Request.Form.ContainsKey))
            return;
        // A form that says whose it is shows it to nobody else.
        if (http.Request.Form.ContainsKey(OwnerField))
            Keep(http, page);
        else
            OfBrowser.Write(http, path, Texts(http, page.Kept));
    }

    private static IEnumerable<string> Texts(HttpContext http, IEnumerable<string> fields) =>
        fields.Select(field => http.Request.Form[field].ToString().ReplaceLineEndings("\n"));

    private static string[]? Take(SealedCookie cookie, HttpContext http, string page)
    {
        if (!cookie.IsSet(http))
            return null;
        cookie.Remove(http);
        return [.. cookie.Read(http, page)];
    }
}
