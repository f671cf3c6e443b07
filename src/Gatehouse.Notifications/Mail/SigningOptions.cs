using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Mail;

/// <summary>How a mailer knows that a message comes from here (Standard Webhooks).</summary>
public sealed class SigningOptions
{
    internal const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;
    private const string Allowed =
        "must be 24 to 64 bytes in Base64, with whsec_ before them or not, such as openssl rand -base64 32 writes";

    /// <summary>
    /// Secret that messages are signed with (HMAC-SHA256): 24 to 64 random bytes in Base64, with <c>whsec_</c> before them or not.
    /// Required with <c>http</c>; with <c>kafka</c>, messages are not signed if it is empty.
    /// </summary>
    [Secret]
    public string Secret { get; set; } = "";

    /// <summary>The secret before this one. While it is set, each message is also signed with it, so that the mailer can be changed
    /// later.</summary>
    [Secret]
    public string PreviousSecret { get; set; } = "";

    internal IEnumerable<ValidationResult> Check(bool required)
    {
        if (Secret.Length == 0 && required)
            yield return new ValidationResult("is required: it " + Allowed, ["Signing:Secret"]);
        else if (Secret.Length > 0 && Read(Secret) is null)
            yield return new ValidationResult(Allowed, ["Signing:Secret"]);
        if (PreviousSecret.Length > 0 && Read(PreviousSecret) is null)
            yield return new ValidationResult(Allowed, ["Signing:PreviousSecret"]);
        if (PreviousSecret.Length > 0 && Secret.Length == 0 && !required)
            yield return new ValidationResult("is required if Signing:PreviousSecret is set", ["Signing:Secret"]);
    }

    /// <summary>Every key that a message is signed with, the current one first.</summary>
    internal IReadOnlyList<byte[]> Keys() => [.. new[] { Secret, PreviousSecret }.Where(s => s.Length > 0).Select(s => Read(s)!)];

    private static byte[]? Read(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        var bytes = new byte[MaxBytes];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= MinBytes ? bytes[..length] : null;
    }
}
