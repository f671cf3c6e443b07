using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Encryption;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Authenticators;

/// <summary>
/// Binds a sign-in with a passkey to the browser that began it. All tabs of a browser hold the same, so none makes what another one began
/// worthless.
/// </summary>
internal sealed class PasskeyBrowser(string text)
{
    private const string Cookie = "__Host-gatehouse-passkey";
    private const int Size = 32;

    /// <summary>What is stored of it; null for a client that is no page of ours, for which the ceremony's id is the secret.</summary>
    public static Hash<PasskeyBrowser>? Bind(HttpContext http)
    {
        if (!http.IsOwnCall())
            return null;
        if (Find(http) is { } known)
            return known;
        var fresh = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));
        var options = new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        };
        http.Response.Cookies.Append(Cookie, fresh, options);
        return new PasskeyBrowser(fresh).Hash();
    }

    /// <summary>The same of the browser that answers; null if it holds nothing.</summary>
    public static Hash<PasskeyBrowser>? Find(HttpContext http) =>
        http.Request.Cookies[Cookie] is { } held && held.Length == Base64Url.GetEncodedLength(Size)
            ? new PasskeyBrowser(held).Hash()
            : null;

    private Hash<PasskeyBrowser> Hash() => Hash<PasskeyBrowser>.Of(text);
}
