using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Identity.Values;

/// <summary>
/// The digits of a typed number, once it is sure that it is nothing but a number. The library would rather guess: it reads letters as the
/// keys of a telephone, cuts off extensions, and takes the ".0" of a spreadsheet for another digit.
/// </summary>
/// <param name="Digits">ASCII digits.</param>
internal sealed partial record PhoneInput(string Digits)
{
    private const string UriScheme = "tel:";

    // Where 00 alone does not lead abroad: there the library takes digits of the country code for a carrier's, or a number for another.
    private static readonly HashSet<string> WithoutDoubleZero =
    [
        .. (
            "AG AI AS AU BB BM BO BR BS BY CA CC CO CU CV CX DM DO GD GU GY HK ID JM JP KE KH KN KR KY KZ LC MH MN MP MS NG PR PW RU "
            + "SG SX TC TH TJ TM TT TW TZ UG US VC VG VI WS"
        ).Split(' '),
    ];

    public bool HasPlus { get; init; }

    /// <summary>What stands before a slash; null without one.</summary>
    public PhoneInput? Before { get; private init; }

    /// <summary>Null for what is not one number: any other character, a note, a second number.</summary>
    public static PhoneInput? Clean(string text)
    {
        if (Fold(text) is not { } folded)
            return null;
        if (folded.StartsWith(UriScheme, StringComparison.OrdinalIgnoreCase))
            folded = folded[UriScheme.Length..];
        if (!OneNumber().IsMatch(folded) || Note().IsMatch(folded))
            return null;
        var slash = folded.IndexOf('/', StringComparison.Ordinal);
        return Of(folded) with { Before = slash < 0 ? null : Of(folded[..slash]) };
    }

    /// <summary>The same with a plus instead of the prefix for calls abroad; null where it is not clear what the prefix is.</summary>
    public PhoneInput? FromInternationalPrefix(string region)
    {
        if (!WithoutDoubleZero.Contains(region))
            return this with { Digits = Digits[2..], HasPlus = true };
        return region == "AU" && Digits.StartsWith("0011", StringComparison.Ordinal)
            ? this with
            {
                Digits = Digits[4..],
                HasPlus = true,
            }
            : null;
    }

    /// <summary>How many digits the number may have with its country code: those that were typed and no area code.</summary>
    public int MaxDigits(int countryCode) =>
        HasPlus ? Digits.Length : Digits.Length + countryCode.ToString(CultureInfo.InvariantCulture).Length;

    public override string ToString() => "[phone number]";

    private static PhoneInput Of(string text) =>
        new(string.Concat(text.Where(char.IsAsciiDigit))) { HasPlus = text.Contains('+', StringComparison.Ordinal) };

    /// <summary>ASCII for all that is written alike in every script; null for numbers that are no digits, such as footnotes.</summary>
    private static string? Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber)
                return null;
            if (category == UnicodeCategory.Format)
                continue;
            if (category == UnicodeCategory.DecimalDigitNumber)
                folded.Append((int)Rune.GetNumericValue(rune));
            else if (category == UnicodeCategory.DashPunctuation || rune.Value == '\u2212')
                folded.Append('-');
            else if (Rune.IsWhiteSpace(rune))
                folded.Append(' ');
            else
                folded.Append(rune.ToString().Normalize(NormalizationForm.FormKC));
        }

        return folded.ToString().Trim();
    }

    // A plus may stand in front only, or in front of it a parenthesis: "(+44) 7400 123456". A slash once.
    [GeneratedRegex(@"\A\(?\+?[0-9][0-9 ().-]*(?:/[0-9 ().-]*)?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneNumber();

    // The end of a spreadsheet's number, the extension behind a slash or in parentheses. "06.12.34.56.00" is a number.
    [GeneratedRegex(
        @"\.0 ?\z|\A[^.]*\.0+ ?\z|/(?:[^0-9]*[0-9]){0,3}[^0-9]*\z|\([0-9 ]*\) ?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Note();
}
