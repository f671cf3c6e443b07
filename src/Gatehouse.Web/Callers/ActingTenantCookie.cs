using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Names the tenant in which a platform administrator acts in the console. It opens nothing by itself: what its holder may do
/// decides.</summary>
internal static class ActingTenantCookie
{
    private const string Name = "__Host-gatehouse-acting";

    public static string? Read(HttpContext http) => http.Request.Cookies[Name] is { Length: > 0 } tenant ? tenant : null;

    public static void Write(HttpContext http, string tenant) => http.Response.Cookies.Append(Name, tenant, Options());

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    // Ends with the browser: who comes back another day is at home.
    private static CookieOptions Options() =>
        new()
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
        };
}
