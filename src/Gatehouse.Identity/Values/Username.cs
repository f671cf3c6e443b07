using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// A public name in the alphabet a–z, 0–9 and single separators <c>. _ -</c> between them, 3 to 30 characters.
/// Every letter outside ASCII is rejected, and none is mapped: Cyrillic "а" or full-width "ａ" would let one user pass for another (UTS 39).
/// The name a user is shown under has no such limit, see <see cref="PersonName"/>.
/// </summary>
internal sealed record Username : IStoredValue<Username, string>
{
    public const int MinLength = 3;
    public const int MaxLength = 30;
    public const string Malformed = "identity.username-invalid";

    private static readonly SearchValues<char> Separators = SearchValues.Create("._-");

    private Username(string typed) => Typed = typed;

    /// <summary>With the capitals the user chose.</summary>
    [JsonIgnore]
    public string Typed { get; }

    /// <summary>Case-folded; unique within a tenant.</summary>
    [JsonIgnore]
    public string Key => Typed.ToLowerInvariant();

    public static Username? Parse(string? input, string field, ValidationErrors errors)
    {
        var typed = TextInput.Clean(input, field, MaxLength, errors);
        if (typed is null)
            return null;
        // ASCII is tested before folding: folding may turn a foreign letter into an ASCII one.
        if (
            typed.Length >= MinLength
            && typed.All(c => char.IsAsciiLetterOrDigit(c) || Separators.Contains(c))
            && SeparatorsStandBetween(typed)
        )
        {
            return new Username(typed);
        }

        errors.Add(field, Malformed, TextInput.Limits(("min", MinLength), ("max", MaxLength)));
        return null;
    }

    /// <summary>One that says nothing and that nobody has: 50 bits of randomness.</summary>
    public static Username Generate() => new("user-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 10));

    /// <summary>Null, without an error, for none: fields of forms are sent empty.</summary>
    public static Username? ParseOptional(string? input, string field, ValidationErrors errors) =>
        TextInput.IsBlank(input) ? null : Parse(input, field, errors);

    public string ToStored() => Typed;

    public static Username FromStored(string stored) => new(stored);

    public bool Equals(Username? other) => Key == other?.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "[username]";

    private static bool SeparatorsStandBetween(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (Separators.Contains(name[i]) && (i == 0 || i == name.Length - 1 || Separators.Contains(name[i + 1])))
                return false;
        }

        return true;
    }
}
