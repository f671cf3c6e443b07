using System.Text.RegularExpressions;

namespace Gatehouse.Identity.Verification;

/// <summary>What users type and paste as a code: with spaces or dashes in it, or with the line of the mail around it.</summary>
internal static class CodeInput
{
    /// <summary>What a field takes, so that the line around a code fits.</summary>
    public const int MaxLength = 200;

    private const string Gap = @"[\s\p{Pd}]?";

    /// <summary>The digits of the code, or what was typed when there are none.</summary>
    public static string? In(string? typed, int digits) => In(typed, [digits]);

    /// <param name="lengths">Those that codes can have, the usual one first.</param>
    public static string? In(string? typed, IReadOnlyList<int> lengths)
    {
        var text = typed?[..Math.Min(typed.Length, MaxLength)] ?? "";
        // Those with gaps come second and stand by themselves: a date has gaps, too.
        var patterns = lengths
            .Select(digits => $"(?<![0-9])[0-9]{{{digits}}}(?![0-9])")
            .Concat(lengths.Select(digits => $"(?<![0-9]{Gap})[0-9](?:{Gap}[0-9]){{{digits - 1}}}(?!{Gap}[0-9])"));
        var found = patterns.Select(pattern => Find(text, pattern)).FirstOrDefault(one => one is not null);
        return found is null ? typed : string.Concat(found.Where(char.IsAsciiDigit));
    }

    private static string? Find(string text, string pattern) =>
        Regex.Match(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) is { Success: true } match ? match.Value : null;
}
