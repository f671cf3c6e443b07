using System.Globalization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// What a user typed as a password, prepared as an OpaqueString (RFC 8265 §4.2; NIST SP 800-63B-4 §3.1.1.2): any Unicode in NFC, every
/// space of Unicode an ordinary one, up to 128 code points and so at most 512 bytes; longer input is rejected, never cut. It may be
/// compared with a stored hash, but only an <see cref="AcceptedPassword"/> becomes one.
/// </summary>
internal sealed class PasswordInput
{
    public const int MaxLength = 128;

    private readonly string text;
    private readonly string? former;
    private readonly string? raw;

    private PasswordInput(string text, string input)
    {
        this.text = string.Concat(text.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c));
        former = this.text == text ? null : text;
        raw = this.text == input ? null : input;
    }

    public static PasswordInput? Parse(string? input, string field, ValidationErrors errors) =>
        TextInput.Normalize(input, field, MaxLength, PasswordRules.TooLong, errors) is { } text ? new PasswordInput(text, input!) : null;

    /// <summary>A method, so that no serializer or log scope finds it.</summary>
    public string Reveal() => text;

    /// <summary>As earlier versions hashed it, with its spaces as they were typed; null where that is the same.</summary>
    public string? RevealFormer() => former;

    /// <summary>As it was typed, which other systems hashed; null where that is the same. It is not wherever there is a former
    /// form.</summary>
    public string? RevealRaw() => raw;

    public override string ToString() => "[password]";
}

/// <summary>A password that passed the rules and the look-up in breaches; only <see cref="NewPasswords"/> makes one (a test
/// looks).</summary>
internal sealed class AcceptedPassword(PasswordInput password)
{
    public string Reveal() => password.Reveal();

    public override string ToString() => "[password]";
}

/// <summary>A stored hash with scheme, cost and salt: our own, a PHC string, or one that came from another system.</summary>
internal sealed record PasswordHash : IStoredValue<PasswordHash, string>
{
    private readonly string phc;

    public PasswordHash(string phc) => this.phc = phc;

    public string ToStored() => phc;

    public static PasswordHash FromStored(string stored) => new(stored);

    public override string ToString() => "[password hash]";
}
