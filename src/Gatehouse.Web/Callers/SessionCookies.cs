using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>
/// The cookies of a signed-in browser. Their prefix binds them to this very host and to encrypted transport (RFC 6265bis, 4.1.3); no script
/// can read them. A user who wants to be remembered gets cookies that outlive the browser; the refresh cookie says so itself, so that a
/// refresh keeps it that way.
/// </summary>
public static class SessionCookies
{
    public const string Access = "__Host-gatehouse-access";
    public const string Refresh = "__Host-gatehouse-refresh";

    // Browsers send no cookie of more than 4,096 bytes; nothing longer is looked at.
    private const int MaxLength = 4096;
    private const string Remembered = "r.";
    private const string ForThisVisit = "v.";

    /// <param name="remember">How long the browser keeps them; null: until it is closed.</param>
    public static void SetSessionCookies(this HttpContext http, string accessToken, string refreshToken, TimeSpan? remember)
    {
        http.Response.Cookies.Append(Access, accessToken, Options(remember));
        http.Response.Cookies.Append(Refresh, (remember is null ? ForThisVisit : Remembered) + refreshToken, Options(remember));
    }

    /// <summary>After the end of the session: the browser forgets the cookies. Of pages it keeps nothing anyway: every answer that is not a
    /// public file says <c>no-store</c>.</summary>
    public static void SignOut(this HttpContext http)
    {
        if (!http.Request.Cookies.ContainsKey(Access) && !http.Request.Cookies.ContainsKey(Refresh))
            return;
        http.Response.Cookies.Append(Access, "", Options(TimeSpan.Zero));
        http.Response.Cookies.Append(Refresh, "", Options(TimeSpan.Zero));
    }

    /// <summary>The browser gets a new access token with its next page: what the one that it has says is over.</summary>
    public static void ForgetAccessToken(this HttpContext http) => http.Response.Cookies.Append(Access, "", Options(TimeSpan.Zero));

    /// <summary>The refresh token of the browser and whether it is to be remembered; null when it holds none.</summary>
    public static (string Token, bool IsRemembered)? RefreshCookie(this HttpContext http) =>
        Read(http, Refresh) switch
        {
            { } value when value.StartsWith(Remembered, StringComparison.Ordinal) => (value[Remembered.Length..], true),
            { } value when value.StartsWith(ForThisVisit, StringComparison.Ordinal) => (value[ForThisVisit.Length..], false),
            _ => null,
        };

    internal static string? AccessCookie(this HttpContext http) => Read(http, Access);

    private static string? Read(HttpContext http, string name) =>
        http.Request.Cookies[name] is { Length: > 0 and <= MaxLength } value ? value : null;

    private static CookieOptions Options(TimeSpan? maxAge) =>
        new()
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = maxAge,
            IsEssential = true,
        };
}
