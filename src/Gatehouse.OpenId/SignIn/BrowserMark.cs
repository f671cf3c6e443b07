using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Encryption;
using Gatehouse.OpenId.Data;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Tells the browser that began with an authorization request from all others: what one began, no other one ends.</summary>
internal static class BrowserMark
{
    private const string Cookie = "__Host-gatehouse-authorization";
    private const int Size = 32;

    /// <summary>Null for a browser without one.</summary>
    public static Hash<BrowserSecret>? Of(HttpContext http) =>
        http.Request.Cookies[Cookie] is { Length: > 0 and <= 64 } value ? Hash<BrowserSecret>.Of(value) : null;

    /// <summary>The browser's own, or a new one.</summary>
    public static Hash<BrowserSecret> Ensure(HttpContext http)
    {
        if (Of(http) is { } known)
            return known;
        var value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        http.Response.Cookies.Append(
            Cookie,
            value,
            new CookieOptions
            {
                Secure = true,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
            }
        );
        return Hash<BrowserSecret>.Of(value);
    }
}
