using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OpenId.Clients;

/// <summary>
/// Carries a new secret to the page that shows it, once: sealed in a cookie, for this client and the session that created it. It stands in
/// no address, and who loads the page again does not see it.
/// </summary>
internal static class ShownSecret
{
    private static readonly SealedCookie Cookie = new("__Host-gatehouse-secret", "Gatehouse.OpenId.Secret", TimeSpan.FromMinutes(5));

    public static void Keep(HttpContext http, Guid client, ClientSecret secret) => Cookie.Write(http, Of(http, client), [secret.Text]);

    /// <summary>Null if none waits for this client.</summary>
    public static string? Take(HttpContext http, Guid client)
    {
        if (Cookie.Read(http, Of(http, client)) is not [var text])
            return null;
        Cookie.Remove(http);
        return text;
    }

    private static string Of(HttpContext http, Guid client) => $"{client} {http.Actor().RequiredUser.SessionId}";
}
