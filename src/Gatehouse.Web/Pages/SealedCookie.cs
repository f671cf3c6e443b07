using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

/// <summary>
/// Texts that wait in the user's own browser, where only this server can read them, for what they belong to and for a while.
/// </summary>
/// <param name="purpose">Parts it from every other cookie of this kind.</param>
public sealed class SealedCookie(string name, string purpose, TimeSpan kept)
{
    // Browsers keep 4,096 bytes of a name and its value (RFC 6265bis, 5.7).
    private const int MaxLength = 4096 - 64;

    // Rejected in every text, so it parts them.
    private const char Separator = '\0';

    public bool IsSet(HttpContext http) => !string.IsNullOrEmpty(http.Request.Cookies[name]);

    /// <summary>Texts that browsers would not keep are dropped.</summary>
    /// <param name="of">What they belong to: a page, an id.</param>
    public void Write(HttpContext http, string of, IEnumerable<string> texts)
    {
        var closed = Protector(http, of).Protect(string.Join(Separator, texts), kept);
        if (closed.Length <= MaxLength)
            http.Response.Cookies.Append(name, closed, Options(kept));
    }

    /// <summary>Nothing when it is too old, of something else, of a key that is gone, or not ours.</summary>
    public IReadOnlyList<string> Read(HttpContext http, string of)
    {
        if (!IsSet(http))
            return [];
        try
        {
            return Protector(http, of).Unprotect(http.Request.Cookies[name]!).Split(Separator);
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    public void Remove(HttpContext http) => http.Response.Cookies.Append(name, "", Options(TimeSpan.Zero));

    private static CookieOptions Options(TimeSpan maxAge) =>
        new()
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = maxAge,
            IsEssential = true,
        };

    private ITimeLimitedDataProtector Protector(HttpContext http, string of) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(purpose, of).ToTimeLimitedDataProtector();
}
