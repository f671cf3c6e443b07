using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>Why an administrator took all second factors away: one line of at most 500 code points, encrypted at rest.</summary>
internal sealed record ResetReason : IEncryptable<ResetReason>
{
    public const int MaxLength = 500;

    private ResetReason(string value) => Value = value;

    public static string Context => "users.second-factors-reset-reason";

    public string Value { get; }

    public static ResetReason? Parse(string? input, string field, ValidationErrors errors) =>
        TextInput.Clean(input, field, MaxLength, errors) is { } text ? new ResetReason(text) : null;

    public string ToStored() => Value;

    public static ResetReason FromStored(string stored) => new(stored);

    public override string ToString() => "[reason]";
}
