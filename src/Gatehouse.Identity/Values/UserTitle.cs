using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>A user's position or form of address, such as <c>Site engineer</c>: one line of at most 100 code points, by the rules of a
/// name.</summary>
internal sealed record UserTitle
{
    public const int MaxLength = 100;

    private UserTitle(string? value) => Value = value;

    /// <summary>Null for none.</summary>
    public string? Value { get; }

    public static UserTitle? Parse(string input, string field, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return new UserTitle(value: null);
        var text = TextInput.Clean(input, field, MaxLength, errors);
        if (text is null)
            return null;
        if (VisibleText.IsFit(text))
            return new UserTitle(text);
        errors.Add(field, PersonName.Malformed);
        return null;
    }

    public override string ToString() => "[title]";
}
