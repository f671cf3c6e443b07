using System.Collections.Concurrent;
using System.Globalization;

namespace Gatehouse.Web;

/// <summary>Countries and territories by their ISO 3166 codes, with the names of CLDR.</summary>
public static class Countries
{
    // Regions that .NET has locales for, but nobody's telephone: scattered islands, and what other codes stand for.
    private static readonly string[] WithoutTelephones = ["DG", "EA", "IC", "PN", "UM"];

    private static readonly ConcurrentDictionary<string, IReadOnlyList<(string Value, string Name)>> Named = new(StringComparer.Ordinal);

    /// <summary>Two capital letters each.</summary>
    public static IReadOnlySet<string> All { get; } =
        CultureInfo
            .GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name).TwoLetterISORegionName)
            .Where(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper))
            .Except(WithoutTelephones, StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>With their names, sorted as that language does.</summary>
    public static IReadOnlyList<(string Value, string Name)> In(string language) => Named.GetOrAdd(language, Sorted);

    // The native name of "es-DE" is what Spanish calls Germany; DisplayName answers in the language that asked first.
    private static IReadOnlyList<(string Value, string Name)> Sorted(string language) =>
        [
            .. All.Select(code => (code, new RegionInfo($"{language}-{code}").NativeName))
                .OrderBy(country => country.NativeName, StringComparer.Create(CultureInfo.GetCultureInfo(language), ignoreCase: true)),
        ];
}
