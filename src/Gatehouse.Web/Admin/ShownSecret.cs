using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Admin;

/// <summary>
/// Carries a new secret to the page that shows it, once: sealed in a cookie, for the thing it belongs to and the session that created it.
/// It stands in no address, and who loads the page again does not see it.
/// </summary>
public static class ShownSecret
{
    private static readonly SealedCookie Cookie = new("__Host-gatehouse-secret", "Gatehouse.Admin.Secret", TimeSpan.FromMinutes(5));

    /// <param name="of">The thing whose page shows it.</param>
    public static void Keep(HttpContext http, Guid of, string secret) => Cookie.Write(http, Of(http, of), [secret]);

    /// <summary>Null if none waits for this thing.</summary>
    public static string? Take(HttpContext http, Guid of)
    {
        if (Cookie.Read(http, Of(http, of)) is not [var text])
            return null;
        Cookie.Remove(http);
        return text;
    }

    private static string Of(HttpContext http, Guid of) => $"{of} {http.Actor().RequiredUser.SessionId}";
}
