using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>The languages Gatehouse speaks, and the choice among them: the user's own, else by <c>Accept-Language</c> (RFC 9110, section
/// 12.5.4), else the tenant's.</summary>
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

    /// <summary>The language the caller chose, else the one it prefers, among <see cref="All"/>; where it names none of them, that of the
    /// tenant, as far as it is known whose the request is.</summary>
    public static string Language(this HttpContext http) => http.Language(http.Features.Get<Actor>()?.Tenant);

    internal static string Language(this HttpContext http, Tenant? tenant) =>
        http.Request.Cookies[Cookie] is { } chosen && All.Contains(chosen, StringComparer.Ordinal)
            ? chosen
            : Choose(http.Request.Headers.AcceptLanguage.ToString(), tenant?.Settings.DefaultLanguage);

    /// <param name="acceptLanguage">The header; empty without it.</param>
    /// <param name="otherwise">Where the header names no language that is known. A later version may have stored one that this one does
    /// not speak.</param>
    public static string Choose(string acceptLanguage, string? otherwise = null)
    {
        var header = acceptLanguage.AsSpan(0, Math.Min(acceptLanguage.Length, MaxHeaderLength));
        var fallback = otherwise is not null && All.Contains(otherwise, StringComparer.Ordinal) ? otherwise : Default;
        var (chosen, best) = (fallback, 0.0);
        foreach (var part in header.Split(','))
        {
            var range = header[part].Trim();
            var quality = Quality(ref range);
            if (quality <= best || Match(range, fallback) is not { } language)
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

    private static string? Match(ReadOnlySpan<char> range, string fallback)
    {
        var dash = range.IndexOf('-');
        var primary = dash < 0 ? range : range[..dash];
        if (primary is "*")
            return fallback;
        foreach (var language in All)
        {
            if (primary.Equals(language, StringComparison.OrdinalIgnoreCase))
                return language;
        }

        return null;
    }
}
