using System.Buffers;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// An e-mail address as RFC 5321 delivers it, narrowed to what mail systems really hand out: an unquoted ASCII local part of at most
/// 64 octets, a domain name of at least two labels, 254 octets together.
/// <para>
/// Local parts outside ASCII need SMTPUTF8 (RFC 6531) on every hop, which is rare, and bring look-alike letters; international domains
/// are welcome. A domain without a dot is rejected: it resolves only in somebody's own network (RFC 7085).
/// </para>
/// <para>
/// Policy for equality: the local part is compared without regard to case, because no provider in use tells two users apart by it.
/// Nothing else is folded: dots and plus tags differ between providers, so they count.
/// </para>
/// </summary>
internal sealed record EmailAddress : IContact, IEncryptable<EmailAddress>
{
    public const int MaxLength = 254;
    public const string Malformed = "identity.email-invalid";

    private static readonly SearchValues<char> AtomText = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~"
    );

    private EmailAddress(string typed, string delivery) => (Typed, Delivery) = (typed, delivery);

    public static string Context => "users.email";

    [JsonIgnore]
    public string Kind => Data.Users.EmailKind;

    [JsonIgnore]
    public string Channel => "email";

    /// <summary>As the user wrote it (trimmed, NFC): what the user is shown.</summary>
    [JsonIgnore]
    public string Typed { get; }

    /// <summary>Where mail goes: the local part as typed, because only its host may fold it (RFC 5321 §2.4), at the ASCII domain.</summary>
    [JsonIgnore]
    public string Delivery { get; }

    /// <summary>The form under which two spellings are one address.</summary>
    [JsonIgnore]
    public string Canonical => Delivery.ToLowerInvariant();

    /// <summary>The canonical local part.</summary>
    [JsonIgnore]
    public string Guessed => Canonical[..At];

    /// <summary>What logs, audit and other users may see.</summary>
    public string Masked
    {
        get
        {
            var canonical = Canonical;
            // Dots in a row cannot occur in a local part, so a mask made of them never repeats one that is itself written with asterisks.
            var hidden = canonical.AsSpan(0, At).Contains('*') ? "..." : "***";
            return $"{(At > 1 ? canonical[..1] : "")}{hidden}{canonical[At..]}";
        }
    }

    private int At => Delivery.LastIndexOf('@');

    /// <summary>The form of <see cref="Delivery"/>: what a user typed otherwise is not kept.</summary>
    public string ToStored() => Delivery;

    public static EmailAddress FromStored(string stored) => new(stored, stored);

    public static EmailAddress? Parse(string? input, string field, ValidationErrors errors)
    {
        var typed = TextInput.Clean(input, field, MaxLength, errors);
        if (typed is null)
            return null;

        var at = typed.LastIndexOf('@');
        if (
            at > 0
            && IsLocalPart(typed.AsSpan(0, at))
            && DomainName.Canonical(typed[(at + 1)..]) is { } domain
            && at + 1 + domain.Length <= MaxLength
        )
        {
            return new EmailAddress(typed, $"{typed[..at]}@{domain}");
        }

        errors.Add(field, Malformed);
        return null;
    }

    public bool Equals(EmailAddress? other) => Canonical == other?.Canonical;

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Masked;

    // dot-atom of RFC 5322 §3.2.3
    private static bool IsLocalPart(ReadOnlySpan<char> local) =>
        local.Length <= 64
        && !local.ContainsAnyExcept(AtomText)
        && local[0] != '.'
        && local[^1] != '.'
        && !local.Contains("..", StringComparison.Ordinal);
}
