using System.Text;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>The first gate of every typed text: present, well formed, NFC, not too long. What it lets through is evaluated further by its
/// type.</summary>
public static class TextInput
{
    private static readonly char[] Spaces =
    [
        .. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(char.IsSeparator).Except(['\u2028', '\u2029']),
    ];

    /// <summary>Whether a text that may be left out says nothing: spaces say no more than none.</summary>
    public static bool IsBlank(string? input) => input is null || input.Trim(Spaces).Length == 0;

    /// <summary>
    /// The text in NFC, or null with exactly one error. Only spaces are trimmed: a line break or a tab at an end is rejected like one
    /// inside, because it is the opening of a header injection rather than a slip of the finger.
    /// </summary>
    public static string? Clean(string? input, string field, int max, ValidationErrors errors)
    {
        var text = Normalize(input?.Trim(Spaces), field, max, ValidationCodes.TooLong, errors);
        if (text is null)
            return null;
        if (!text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'))
            return text;
        errors.Add(field, ValidationCodes.ControlCharacter);
        return null;
    }

    /// <summary>As <see cref="Clean"/>, but spaces and control characters other than U+0000 belong to the text (passwords).</summary>
    public static string? Normalize(string? input, string field, int max, string tooLong, ValidationErrors errors)
    {
        var text = string.Empty;
        var error =
            string.IsNullOrEmpty(input) ? ValidationCodes.Required
            // Composition shortens a text to a quarter at most, so anything longer is rejected before work is spent on it.
            : input.Length > 4 * max ? tooLong
            : !IsWellFormed(input) ? ValidationCodes.InvalidText
            : (text = input.Normalize(NormalizationForm.FormC)).EnumerateRunes().Count() > max ? tooLong
            : null;
        if (error is null)
            return text;
        errors.Add(field, error, error == tooLong ? Limits(("max", max)) : null);
        return null;
    }

    public static IReadOnlyDictionary<string, object> Limits(params (string Name, object Value)[] limits) =>
        limits.ToDictionary(l => l.Name, l => l.Value, StringComparer.Ordinal);

    // PostgreSQL stores neither U+0000 nor half a surrogate pair; Normalize throws on the latter and on U+FFFE, which is no character.
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or '\uFFFE')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
