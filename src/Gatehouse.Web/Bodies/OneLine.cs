using System.Globalization;
using System.Text;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Texts of one line that others read. Pure.</summary>
public static class OneLine
{
    /// <summary>The text as <see cref="TextInput.Clean"/> leaves it, or null with exactly one error.</summary>
    public static string? Parse(string? input, string field, int max, ValidationErrors errors) =>
        TextInput.Clean(input, field, max, errors) is { } text && IsVisible(text, field, errors) ? text : null;

    // Bidirectional overrides would rearrange the text around it; the joiners are spelling in Indic scripts and Persian.
    private static bool IsVisible(string text, string field, ValidationErrors errors)
    {
        var hidden = text.EnumerateRunes()
            .Any(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.Format && r.Value is not (0x200C or 0x200D));
        if (hidden)
            errors.Add(field, ValidationCodes.InvalidText);
        return !hidden;
    }
}
