using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// What a person tells of themselves: at most 500 code points in lines, separated by U+000A however they were typed. Other control characters are
/// refused, tabs too. Markup is not judged: it is encoded where it is shown.
/// </summary>
internal sealed record AboutText
{
    public const int MaxLength = 500;

    private AboutText(string? value) => Value = value;

    /// <summary>Null for nothing.</summary>
    public string? Value { get; }

    public static AboutText? Parse(string input, string field, Faults faults)
    {
        var lines = input.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim(' ', '\n');
        if (lines.Length == 0) return new AboutText(value: null);

        var text = TypedText.Normalize(lines, field, MaxLength, ValidationCodes.TooLong, faults);
        if (text is null) return null;
        if (!text.Any(c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029')) return new AboutText(value: text);
        faults.Add(field, ValidationCodes.ControlCharacter);
        return null;
    }

    public override string ToString() => "[about]";
}
