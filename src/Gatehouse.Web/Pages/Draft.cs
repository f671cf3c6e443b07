using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Pages;

/// <summary>
/// What a user typed into a form whose session ended elsewhere meanwhile. It waits in a cookie that only this server can read, until the page of the form
/// takes it out for the very user who typed it. Whatever browsers would not keep is dropped: it is more than any of our fields takes.
/// </summary>
public static class Draft
{
    /// <summary>The hidden field of a form that says whose it is.</summary>
    public const string OwnerField = "owner";

    private const string Cookie = "__Host-gatehouse-draft";

    // Browsers keep 4,096 bytes of a name and its value (RFC 6265bis, 5.7).
    private const int MaxLength = 4096 - 64;

    // Refused in every text, so it parts them.
    private const char Between = '\0';

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>Whether a draft waits for its user to sign in.</summary>
    public static bool HasDraft(this HttpContext http) => !string.IsNullOrEmpty(http.Request.Cookies[Cookie]);

    /// <summary>The fields of the form at <paramref name="page"/>, in their order, if the signed-in user typed them; whoever asks, nothing waits any more.</summary>
    public static IReadOnlyList<string>? TakeDraft(this HttpContext http, string page, int fields)
    {
        if (!http.HasDraft()) return null;
        http.Response.Cookies.Append(Cookie, "", Options(TimeSpan.Zero));
        var texts = Open(http, page);
        return texts.Length == fields + 1 && texts[0] == http.Actor().RequiredUser.Id.ToString() ? texts[1..] : null;
    }

    internal static void Keep(HttpContext http, FormPage page)
    {
        if (page.Kept.Count == 0) return;
        var form = http.Request.Form;
        var text = string.Join(Between, page.Kept.Prepend(OwnerField).Select(field => form[field].ToString().ReplaceLineEndings("\n")));
        var closed = Protector(http, page.Path).Protect(text, Kept);
        if (closed.Length <= MaxLength) http.Response.Cookies.Append(Cookie, closed, Options(Kept));
    }

    private static string[] Open(HttpContext http, string page)
    {
        try
        {
            return Protector(http, page).Unprotect(http.Request.Cookies[Cookie]!).Split(Between);
        }
        catch (CryptographicException)
        {
            // Too old, of another page, of a key that is gone, or nothing of ours.
            return [];
        }
    }

    private static ITimeLimitedDataProtector Protector(HttpContext http, string page) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Gatehouse.Pages.Draft", page).ToTimeLimitedDataProtector();

    private static CookieOptions Options(TimeSpan maxAge) =>
        new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = maxAge, IsEssential = true };
}
