using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>Why a user was disabled, for administrators: one line of at most 500 code points, encrypted at rest.</summary>
internal sealed record DisabledReason : IEncryptable<DisabledReason>
{
    public const int MaxLength = 500;

    private DisabledReason(string value) => Value = value;

    public static string Context => "users.disabled-reason";

    public string Value { get; }

    /// <summary>Null for nothing, and for a text that added an error.</summary>
    public static DisabledReason? ParseOptional(string? input, string field, ValidationErrors errors) =>
        TextInput.IsBlank(input) || TextInput.Clean(input, field, MaxLength, errors) is not { } text ? null : new DisabledReason(text);

    public string ToStored() => Value;

    public static DisabledReason FromStored(string stored) => new(stored);

    public override string ToString() => "[reason]";
}
