using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Authenticators;

/// <summary>What a user calls a passkey, to tell it from others: one line of at most 64 code points, encrypted at rest.</summary>
internal sealed record PasskeyName : IEncryptable<PasskeyName>
{
    public const int MaxLength = 64;

    private PasskeyName(string value) => Value = value;

    public static string Context => "passkeys.name";

    public string Value { get; }

    public static PasskeyName? Parse(string? input, string field, ValidationErrors errors) =>
        OneLine.Parse(input, field, MaxLength, errors) is { } text ? new PasskeyName(text) : null;

    public string ToStored() => Value;

    public static PasskeyName FromStored(string stored) => new(stored);

    public override string ToString() => "[passkey name]";
}
