using PhoneNumbers;

namespace Gatehouse.Notifications.Sms;

/// <summary>The country that a message to a number is paid for.</summary>
internal static class PhoneCountry
{
    /// <summary>Of what is no number, and of numbers of no country.</summary>
    public const string Unknown = "ZZ";

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    /// <param name="number">In E.164 form.</param>
    /// <returns>The ISO 3166 code. Where a number fits no country of its code (+1, +44, +7 have several), that of the main one.</returns>
    public static string Of(string number)
    {
        try
        {
            var parsed = Library.Parse(number, Unknown);
            var country = Library.GetRegionCodeForNumber(parsed) ?? Library.GetRegionCodeForCountryCode(parsed.CountryCode);
            return country.Length == 2 ? country : Unknown;
        }
        catch (NumberParseException)
        {
            return Unknown;
        }
    }
}
