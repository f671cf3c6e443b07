using System.Globalization;
using Gatehouse.Web;
using PhoneNumbers;

namespace Gatehouse.Identity.Values;

/// <summary>The countries and territories whose numbers can be written in the national way.</summary>
internal static class Regions
{
    public const string Description = "Country of a phone number without +: two letters of ISO 3166, such as GB.";

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    private static readonly HashSet<string> Known = [.. Library.GetSupportedRegions()];

    public static bool IsKnown(string region) => Known.Contains(region);

    /// <summary>For a choice: their names in that language, with their country codes.</summary>
    public static IReadOnlyList<(string Value, string Name)> In(string language) =>
        [
            .. Countries
                .In(language)
                .Where(country => IsKnown(country.Value))
                .Select(country => (country.Value, $"{country.Name} (+{Code(country.Value)})")),
        ];

    private static string Code(string region) => Library.GetCountryCodeForRegion(region).ToString(CultureInfo.InvariantCulture);
}
