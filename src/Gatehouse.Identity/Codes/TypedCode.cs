using System.Text.RegularExpressions;

namespace Gatehouse.Identity.Codes;

/// <summary>What people type and paste as a code: with spaces or dashes in it, or with the line of the mail around it.</summary>
internal static class TypedCode
{
    /// <summary>What a field takes, so that the line around a code fits.</summary>
    public const int MaxLength = 200;

    /// <summary>The digits of the code, or what was typed when there are none.</summary>
    public static string? In(string? typed, int digits)
    {
        var text = typed?[..Math.Min(typed.Length, MaxLength)] ?? "";
        if (Find(text, $"[0-9]{{{digits}}}") is { } whole) return whole;
        return Find(text, $@"[0-9](?:[\s\p{{Pd}}]*[0-9]){{{digits - 1}}}") is { } parted ? string.Concat(parted.Where(char.IsAsciiDigit)) : typed;
    }

    private static string? Find(string text, string pattern) =>
        Regex.Match(text, $"(?<![0-9]){pattern}(?![0-9])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) is { Success: true } found ? found.Value : null;
}
