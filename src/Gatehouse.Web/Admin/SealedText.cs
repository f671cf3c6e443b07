using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>
/// Keeps what was searched for out of addresses, and so out of histories, proxies and logs: names and addresses of users travel there
/// sealed, for the user who typed them and for half a day.
/// </summary>
public static class SealedText
{
    /// <summary>Characters of a text that is searched for.</summary>
    public const int MaxLength = 254;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(12);

    public static string Seal(HttpContext http, string text) => Protector(http).Protect(text, Kept);

    /// <summary>Null for nothing, and for what is too old, was typed by another user or is none of ours.</summary>
    public static string? Open(HttpContext http, string? closed)
    {
        if (string.IsNullOrEmpty(closed))
            return null;
        try
        {
            return Protector(http).Unprotect(closed);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("Gatehouse.Admin.Find", http.Actor().Tenant.Id.ToString(), http.Actor().RequiredUser.Id.ToString())
            .ToTimeLimitedDataProtector();
}
