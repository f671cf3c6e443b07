using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// What a user tells of themselves: at most 500 code points in lines, separated by U+000A however they were typed. Other control characters
/// are rejected, tabs too. Markup is not evaluated: it is encoded where it is shown.
/// </summary>
internal sealed record AboutText
{
    public const int MaxLength = 500;

    private AboutText(string? value) => Value = value;

    /// <summary>Null for nothing.</summary>
    public string? Value { get; }

    public static AboutText? Parse(string input, string field, ValidationErrors errors)
    {
        var lines = input.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim(' ', '\n');
        if (lines.Split('\n').All(TextInput.IsBlank))
            return new AboutText(value: null);

        var text = TextInput.Normalize(lines, field, MaxLength, ValidationCodes.TooLong, errors);
        if (text is null)
            return null;
        if (!text.Any(c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029'))
            return new AboutText(value: text);
        errors.Add(field, ValidationCodes.ControlCharacter);
        return null;
    }

    public override string ToString() => "[about]";
}
