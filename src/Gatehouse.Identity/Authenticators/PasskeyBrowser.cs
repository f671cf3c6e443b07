using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Authenticators;

/// <summary>
/// Binds a sign-in with a passkey to the browser that began it. All tabs of a browser hold the same, so none makes what another one began
/// worthless.
/// </summary>
internal static class PasskeyBrowser
{
    private const string Cookie = "__Host-gatehouse-passkey";
    private const int Size = 32;

    /// <summary>What is stored of it; null for a client that is no page of ours, for which the ceremony's id is the secret.</summary>
    public static byte[]? Bind(HttpContext http)
    {
        if (!http.IsOwnCall())
            return null;
        if (Find(http) is { } known)
            return known;
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        var options = new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        };
        http.Response.Cookies.Append(Cookie, text, options);
        return Hash(text);
    }

    /// <summary>The same of the browser that answers; null if it holds nothing.</summary>
    public static byte[]? Find(HttpContext http) =>
        http.Request.Cookies[Cookie] is { } text && text.Length == Base64Url.GetEncodedLength(Size) ? Hash(text) : null;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
