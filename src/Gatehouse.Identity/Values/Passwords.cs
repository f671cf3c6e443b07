using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;

namespace Gatehouse.Identity.Values;

/// <summary>
/// What a person typed as a password, in NFC (NIST SP 800-63B-4 §3.1.1.2): any Unicode, spaces included, up to 128 code points and so at
/// most 512 bytes; longer input is refused, never cut. It may be compared with a stored hash, but only an <see cref="AcceptedPassword"/> becomes one.
/// </summary>
internal sealed class TypedPassword
{
    public const int MaxLength = 128;

    private readonly string text;

    private TypedPassword(string text) => this.text = text;

    public static TypedPassword? Parse(string? input, string field, Faults faults) =>
        TypedText.Normalize(input, field, MaxLength, PasswordRules.TooLong, faults) is { } text ? new TypedPassword(text) : null;

    /// <summary>A method, so that no serializer or log scope finds it.</summary>
    public string Reveal() => text;

    public override string ToString() => "[password]";
}

/// <summary>A password that passed the rules and the look-up in breaches; only <see cref="NewPasswords"/> makes one (a test looks).</summary>
internal sealed class AcceptedPassword(TypedPassword password)
{
    public string Reveal() => password.Reveal();

    public override string ToString() => "[password]";
}

/// <summary>A stored hash in the PHC string format, with scheme, cost and salt.</summary>
internal sealed class PasswordHash(string phc)
{
    public string Reveal() => phc;

    public override string ToString() => "[password hash]";
}
