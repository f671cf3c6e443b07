using System.Globalization;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;
using PhoneNumbers;

namespace Gatehouse.Identity.Values;

/// <summary>
/// A number that takes text messages. libphonenumber knows the numbering plans; this type adds what it takes for granted: that what was
/// typed is one number and nothing else, and whose country it belongs to (record 100).
/// <para>
/// Two spellings can be valid and one line (Argentina's 9, Palestine's two country codes). So there are two values: where messages go, as
/// it was typed unless that reaches nobody any more, and the form under which two spellings are one number.
/// </para>
/// </summary>
internal sealed record PhoneNumber : IContact, IEncryptable<PhoneNumber>
{
    /// <summary>Of what is typed: a number has at most 15 digits.</summary>
    public const int MaxLength = 40;

    public const string Malformed = "identity.phone-number-invalid";
    public const string WithoutCountry = "identity.phone-number-without-country";
    public const string UnknownRegion = "identity.region-unknown";
    public const string Ambiguous = "identity.phone-number-ambiguous";

    private const int MaxDigits = 15;
    private const string NoRegion = "ZZ";

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    // Satellites, networks of no country and shared costs: a text there is never what the service meant to pay for.
    private static readonly HashSet<int> International = [800, 808, 870, 878, 881, 882, 883, 888, 979];

    private PhoneNumber(string delivery, string canonical) => (Delivery, Canonical) = (delivery, canonical);

    public static string Context => "users.phone";

    [JsonIgnore]
    public string Kind => Data.Users.PhoneKind;

    [JsonIgnore]
    public string Channel => "sms";

    /// <summary>Where messages go, in E.164.</summary>
    [JsonIgnore]
    public string Delivery { get; }

    /// <summary>The form under which two spellings are one number, in E.164. It may reach nobody.</summary>
    [JsonIgnore]
    public string Canonical { get; }

    /// <summary>The number as it is written at home.</summary>
    [JsonIgnore]
    public string Guessed => Library.GetNationalSignificantNumber(Library.Parse(Delivery, NoRegion));

    /// <summary>What logs, audit and other users may see: the country code and the last two digits.</summary>
    public string Masked =>
        string.Create(CultureInfo.InvariantCulture, $"+{Library.Parse(Delivery, NoRegion).CountryCode}***{Delivery[^2..]}");

    /// <summary>Both values: another version of the tables could make another canonical form of the same number.</summary>
    public string ToStored() => Delivery == Canonical ? Delivery : $"{Delivery} {Canonical}";

    public static PhoneNumber FromStored(string stored) =>
        stored.Split(' ') is [var delivery, var canonical] ? new(delivery, canonical) : new(stored, stored);

    /// <param name="region">ISO 3166 code of the country that the user chose, for a number without a plus; null for none.</param>
    public static PhoneNumber? Parse(string? input, string? region, string field, ValidationErrors errors)
    {
        if (TextInput.Normalize(TextInput.IsBlank(input) ? null : input, field, MaxLength, ValidationCodes.TooLong, errors) is not { } text)
            return null;
        var (number, error) = PhoneInput.Clean(text) is { } typed ? Read(typed, region?.ToUpperInvariant()) : (null, Malformed);
        if (error is not null)
            errors.Add(field, error);
        return number;
    }

    /// <summary>Null, without an error, for what is none.</summary>
    public static PhoneNumber? TryParse(string? input, string? region) => Parse(input, region, "phoneNumber", new ValidationErrors());

    public bool Equals(PhoneNumber? other) => Canonical == other?.Canonical;

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Masked;

    private static (PhoneNumber? Number, string? Error) Read(PhoneInput typed, string? region)
    {
        if (!typed.HasPlus)
        {
            if (region is null)
                return (null, WithoutCountry);
            if (!Regions.IsKnown(region))
                return (null, UnknownRegion);
            if (typed.Digits.StartsWith("00", StringComparison.Ordinal))
            {
                if (typed.FromInternationalPrefix(region) is not { } international)
                    return (null, Ambiguous);
                typed = international;
            }
        }

        if (ReadDigits(typed, region) is not { } parsed)
            return (null, Malformed);
        // "62812345678" in Indonesia: with the plus forgotten or as it stands?
        if (
            !typed.HasPlus
            && typed.Digits.StartsWith(parsed.CountryCode.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            && ReadDigits(typed with { HasPlus = true }, region) is { } other
            && Library.IsValidNumber(other)
            && Library.IsValidNumber(parsed)
            && E164(other) != E164(parsed)
        )
            return (null, Ambiguous);
        return Accept(parsed, typed);
    }

    private static (PhoneNumber? Number, string? Error) Accept(PhoneNumbers.PhoneNumber parsed, PhoneInput typed)
    {
        var rule = PhoneCanonical.Find(parsed.CountryCode, Library.GetNationalSignificantNumber(parsed));
        if (rule is { Verdict: PhoneCanonical.Verdict.Ask })
            return (null, Ambiguous);
        if (rule is { Verdict: PhoneCanonical.Verdict.Reject })
            return (null, Malformed);
        var canonical = rule?.Canonical ?? E164(parsed);
        var delivery = rule is { Verdict: PhoneCanonical.Verdict.KeyAndDelivery } ? canonical : E164(parsed);
        // Two digits more than were typed are an area code that the library added, or an extension that it did not see.
        return
            Reaches(delivery)
            && IsValid(canonical)
            && Digits(E164(parsed)) <= typed.MaxDigits(parsed.CountryCode)
            && !(typed.Before is { } first && ReadDigits(first, NoRegion) is { } one && Library.IsValidNumber(one))
            ? (new PhoneNumber(delivery, canonical), null)
            : (null, Malformed);
    }

    private static PhoneNumbers.PhoneNumber? ReadDigits(PhoneInput typed, string? region)
    {
        try
        {
            return Library.Parse(typed.HasPlus ? "+" + typed.Digits : typed.Digits, typed.HasPlus ? NoRegion : region);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static bool IsValid(string e164) => Library.IsValidNumber(Library.Parse(e164, NoRegion));

    /// <summary>Whether texts arrive, as far as the plan tells: no landline, no premium number, no pager, no voicemail.</summary>
    private static bool Reaches(string e164)
    {
        var number = Library.Parse(e164, NoRegion);
        return Library.IsValidNumber(number)
            && Digits(e164) <= MaxDigits
            && !International.Contains(number.CountryCode)
            && Library.GetNumberType(number) switch
            {
                PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE => true,
                // A mobile number without its 9 is a landline to the library.
                PhoneNumberType.FIXED_LINE => number.CountryCode == 54,
                _ => false,
            };
    }

    private static string E164(PhoneNumbers.PhoneNumber number) => Library.Format(number, PhoneNumberFormat.E164);

    private static int Digits(string e164) => e164.Length - 1;
}
