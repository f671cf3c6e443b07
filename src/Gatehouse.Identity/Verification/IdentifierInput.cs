using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// The address, number or username that was typed when a verification began. It waits in a cookie of that browser, for the pages of that
/// verification: they show it masked, and password managers store the new password under it. Nothing is looked up for it, so it tells
/// nothing that its reader did not type, or did: it also notes that this browser completed the verification.
/// </summary>
internal static class IdentifierInput
{
    private static readonly SealedCookie Cookie = new(
        "__Host-gatehouse-identifier",
        "Gatehouse.Verification.Identifier",
        TimeSpan.FromHours(1)
    );

    private const string Completed = "completed";

    public static void Keep(HttpContext http, Guid verification, string? typed) =>
        Cookie.Write(http, verification.ToString(), [typed?.Trim() ?? ""]);

    /// <summary>Notes that this browser has completed the verification, so that its page can say so here and nowhere else.</summary>
    public static void Complete(HttpContext http, Guid verification) =>
        Cookie.Write(http, verification.ToString(), [Read(http, verification) ?? "", Completed]);

    public static bool IsKept(HttpContext http, Guid verification) => Cookie.Read(http, verification.ToString()).Count > 0;

    public static bool IsCompleted(HttpContext http, Guid verification) => Cookie.Read(http, verification.ToString()) is [_, Completed];

    /// <summary>Null in any other browser, and for any other verification.</summary>
    public static string? Read(HttpContext http, Guid verification) =>
        Cookie.Read(http, verification.ToString()) is [{ Length: > 0 } typed, ..] ? typed : null;

    /// <summary>With its country, where it is a number that was typed without.</summary>
    public static string? Whole(string? typed, string? region) => PhoneNumber.TryParse(typed, region)?.Delivery ?? typed;

    /// <summary>As it is shown; null for what is none of them.</summary>
    public static string? Mask(string? typed) =>
        EmailAddress.Parse(typed, "typed", new ValidationErrors())?.Masked
        ?? PhoneNumber.TryParse(typed, region: null)?.Masked
        ?? (Username.Parse(typed, "typed", new ValidationErrors()) is { } username ? username.Typed[..1] + "***" : null);
}
