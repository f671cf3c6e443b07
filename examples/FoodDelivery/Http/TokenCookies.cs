using System.Text.Json;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Http;

/// <summary>
/// The cookies that the front ends send and the neighbours read. They go to every service on the host, because cookies know no ports.
/// Whether they end with the browser is kept in front of the refresh token, so that a refresh keeps it.
/// </summary>
internal sealed class TokenCookies(IOptions<AdapterOptions> options)
{
    private const string Access = "access_token";
    private const string Refresh = "refresh_token";
    private const string ForSession = "s.";
    private const string Kept = "k.";
    private const int MaxLength = 512;
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(10);

    /// <param name="http">The request.</param>
    /// <param name="isThere">Whether the browser sent the cookie at all.</param>
    public static Token? AccessToken(HttpContext http, out bool isThere)
    {
        isThere = http.Request.Cookies.TryGetValue(Access, out var text) && text.Length > 0;
        return isThere ? Token.Parse(text!) : null;
    }

    /// <summary>The refresh token, and whether the cookies end with the browser. Empty for what can be none; null without a
    /// cookie.</summary>
    public static (string Text, bool EndsWithBrowser)? RefreshToken(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(Refresh, out var text) || text.Length == 0)
            return null;
        var isForSession = text.StartsWith(ForSession, StringComparison.Ordinal);
        if (text.Length > MaxLength || (!isForSession && !text.StartsWith(Kept, StringComparison.Ordinal)))
            return ("", false);
        return (text[ForSession.Length..], isForSession);
    }

    /// <param name="http">The request.</param>
    /// <param name="tokens">As Gatehouse answers them.</param>
    /// <param name="endsWithBrowser">Whether they go when the browser is closed.</param>
    public void Set(HttpContext http, JsonElement tokens, bool endsWithBrowser)
    {
        var life = TimeSpan.FromSeconds(tokens.GetProperty("expiresIn").GetInt32());
        Append(Access, tokens.GetProperty("accessToken").GetString()!, life);
        Append(Refresh, (endsWithBrowser ? ForSession : Kept) + tokens.GetProperty("refreshToken").GetString(), RefreshLife);

        void Append(string name, string value, TimeSpan age) =>
            http.Response.Cookies.Append(name, value, Options(endsWithBrowser ? null : age));
    }

    public void Clear(HttpContext http)
    {
        http.Response.Cookies.Delete(Access, Options(age: null));
        http.Response.Cookies.Delete(Refresh, Options(age: null));
    }

    private CookieOptions Options(TimeSpan? age) =>
        new()
        {
            Path = "/",
            SameSite = SameSiteMode.Lax,
            HttpOnly = true,
            Secure = options.Value.SecureCookies,
            MaxAge = age,
        };
}
