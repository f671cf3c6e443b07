using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// What a user is called, in any script: 1 to 100 code points with at least one letter or digit. Runs of spaces become one space,
/// so that a pasted name equals a typed one. Refused are control characters, line breaks and invisible format characters, among them
/// the bidirectional overrides that would rearrange the text around the name in a mail or a list; the joiners U+200C and U+200D are
/// spelling in Indic scripts and Persian and stay. Markup is not evaluated: it is encoded where it is shown.
/// </summary>
internal sealed record PersonName : IStoredValue<PersonName, string>
{
    public const int MaxLength = 100;
    public const string Malformed = "identity.name-invalid";

    private PersonName(string value) => Value = value;

    [JsonIgnore]
    public string Value { get; }

    public static PersonName? Parse(string? input, string field, ValidationErrors errors)
    {
        var text = TextInput.Clean(input, field, MaxLength, errors);
        if (text is null)
            return null;
        if (!VisibleText.IsFit(text))
        {
            errors.Add(field, Malformed);
            return null;
        }

        return new PersonName(string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
    }

    public string ToStored() => Value;

    public static PersonName FromStored(string stored) => new(stored);

    public override string ToString() => "[name]";
}
