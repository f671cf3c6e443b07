using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// A language as BCP 47 writes it (RFC 5646, 2.1), well formed but not looked up in the registry: language, script, region, variants,
/// extensions, private use. Irregular tags of the time before, such as <c>i-klingon</c>, are rejected.
/// </summary>
internal static partial class LanguageTag
{
    public const int MaxLength = 35;
    public const int MaxTags = 10;
    public const string Malformed = "identity.language-invalid";
    public const string TooMany = "identity.too-many-languages";

    /// <summary>All in canonical case, each once, without blank ones; null when there is an error.</summary>
    public static IReadOnlyList<string>? ParseAll(IReadOnlyList<string> input, string field, ValidationErrors errors)
    {
        if (input.Count > MaxTags)
        {
            errors.Add(field, TooMany, TextInput.Limits(("max", MaxTags)));
            return null;
        }

        var tags = input
            .Index()
            .Where(one => !TextInput.IsBlank(one.Item))
            .Select(one => Parse(one.Item, string.Create(CultureInfo.InvariantCulture, $"{field}[{one.Index}]"), errors))
            .ToList();
        return tags.Contains(null) ? null : [.. tags.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static string? Parse(string? input, string field, ValidationErrors errors)
    {
        // Ignoring case, the pattern would take letters outside ASCII for their look-alikes.
        if (input is { Length: <= MaxLength } && Ascii.IsValid(input) && WellFormed.IsMatch(input))
            return Canonical(input);
        errors.Add(field, Malformed);
        return null;
    }

    // RFC 5646, 2.1.1: all lower case, except that two letters are upper and four are title case where they neither begin the tag nor
    // follow a singleton.
    private static string Canonical(string tag)
    {
        var parts = tag.ToLowerInvariant().Split('-');
        for (var i = 1; i < parts.Length && parts[i].Length > 1; i++)
        {
            if (parts[i].Length == 2)
                parts[i] = parts[i].ToUpperInvariant();
            else if (parts[i].Length == 4 && char.IsAsciiLetter(parts[i][0]))
                parts[i] = char.ToUpperInvariant(parts[i][0]) + parts[i][1..];
        }

        return string.Join('-', parts);
    }

    [GeneratedRegex(
        """
            ^([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})  # language
            (-[a-z]{4})?                              # script
            (-([a-z]{2}|[0-9]{3}))?                   # region
            (-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*      # variants
            (-[a-wyz0-9](-[a-z0-9]{2,8})+)*           # extensions
            (-x(-[a-z0-9]{1,8})+)?\z                  # private use
            """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex WellFormed { get; }
}
