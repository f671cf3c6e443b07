using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>The languages Gatehouse speaks, and the choice among them: the user's own, else by <c>Accept-Language</c> (RFC 9110, section
/// 12.5.4).</summary>
public static class Languages
{
    public const string Default = "en";

    /// <summary>Holds the language that a user chose on a page.</summary>
    public const string Cookie = "gatehouse-language";

    // A browser sends well under this; the rest of a hostile header is not looked at.
    private const int MaxHeaderLength = 256;

    /// <summary>Each language by the name it gives itself.</summary>
    public static readonly IReadOnlyList<(string Tag, string Name)> Names = [("en", "English"), ("hi", "हिन्दी"), ("es", "Español")];

    public static readonly IReadOnlyList<string> All = [.. Names.Select(language => language.Tag)];

    /// <summary>The language the caller chose, else the one it prefers, among <see cref="All"/>.</summary>
    public static string Language(this HttpContext http) =>
        http.Request.Cookies[Cookie] is { } chosen && All.Contains(chosen, StringComparer.Ordinal)
            ? chosen
            : Choose(http.Request.Headers.AcceptLanguage.ToString());

    public static string Choose(string acceptLanguage)
    {
        var header = acceptLanguage.AsSpan(0, Math.Min(acceptLanguage.Length, MaxHeaderLength));
        var (chosen, best) = (Default, 0.0);
        foreach (var part in header.Split(','))
        {
            var range = header[part].Trim();
            var quality = Quality(ref range);
            if (quality <= best || Match(range) is not { } language)
                continue;
            (chosen, best) = (language, quality);
        }

        return chosen;
    }

    private static double Quality(ref ReadOnlySpan<char> range)
    {
        var semicolon = range.IndexOf(';');
        if (semicolon < 0)
            return 1;

        var parameter = range[(semicolon + 1)..].Trim();
        range = range[..semicolon].TrimEnd();
        return
            parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality <= 1
            ? quality
            : 0;
    }

    private static string? Match(ReadOnlySpan<char> range)
    {
        var dash = range.IndexOf('-');
        var primary = dash < 0 ? range : range[..dash];
        if (primary is "*")
            return Default;
        foreach (var language in All)
        {
            if (primary.Equals(language, StringComparison.OrdinalIgnoreCase))
                return language;
        }

        return null;
    }
}
