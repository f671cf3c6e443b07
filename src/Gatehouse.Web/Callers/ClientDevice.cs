using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>What a request says of the device it comes from.</summary>
public static class ClientDevice
{
    /// <summary>The cookie that holds the device token in browsers.</summary>
    public const string Cookie = "__Host-gatehouse-device";

    private const int MaxTokenLength = 512;
    private const string On = " on ";
    private const string AndroidApp = "Android app";
    private const string AppleApp = "Apple app";

    // The first that fits names the program: each of them also claims to be the ones below it.
    private static readonly (string Mark, string Name)[] Programs =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("okhttp/", AndroidApp),
        ("CFNetwork/", AppleApp),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>
    /// A few words from a fixed list, such as <c>Firefox on Linux</c>: nothing a client writes is repeated, so it may be stored and shown.
    /// Empty when nothing is recognized.
    /// </summary>
    public static string Describe(string userAgent)
    {
        var program = Array.Find(Programs, p => userAgent.Contains(p.Mark, StringComparison.Ordinal)).Name;
        var system = Array.Find(Systems, s => userAgent.Contains(s.Mark, StringComparison.Ordinal)).Name;
        return (program, system) switch
        {
            (null, null) => "",
            (null, _) => system,
            (_, null) => program,
            _ => program + On + system,
        };
    }

    /// <summary>The words of <see cref="Describe(string)"/> in another language; names stay as they are.</summary>
    public static string Describe(string words, string language, MessageCatalog texts)
    {
        if (words == AndroidApp)
            return texts.Text("device.android-app", language);
        if (words == AppleApp)
            return texts.Text("device.apple-app", language);
        var parts = words.Split(On, 2, StringSplitOptions.None);
        return parts.Length < 2
            ? words
            : texts.Text(
                "device.on",
                language,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["program"] = parts[0], ["system"] = parts[1] }
            );
    }

    /// <summary>Lets a browser be known again at the next sign-in. It opens nothing, so it may outlive sessions: 400 days, the longest
    /// browsers keep one.</summary>
    public static void RememberDevice(this HttpContext http, string token) =>
        http.Response.Cookies.Append(
            Cookie,
            token,
            new CookieOptions
            {
                Secure = true,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = TimeSpan.FromDays(400),
                IsEssential = true,
            }
        );

    internal static string? Token(HttpContext http)
    {
        var header = http.Request.Headers[ActorResolution.DeviceHeader];
        var token = header.Count == 1 ? header.ToString() : http.Request.Cookies[Cookie];
        return token is { Length: > 0 and <= MaxTokenLength } ? token : null;
    }
}
