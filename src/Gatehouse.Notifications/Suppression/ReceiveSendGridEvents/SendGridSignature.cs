using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Notifications.Mail;

namespace Gatehouse.Notifications.Suppression;

/// <summary>The signature of SendGrid's event webhook: ECDSA with SHA-256 over the time stamp's text followed by the raw body, in Base64 of
/// its DER form.</summary>
internal sealed record SendGridSignature
{
    public const string ValueHeader = "X-Twilio-Email-Event-Webhook-Signature";
    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    // Clocks differ and batches are repeated. An older one is of no use to whoever kept it: each report counts once.
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(10);

    public required string Value { get; init; }

    public required string Timestamp { get; init; }

    public bool IsFresh(DateTimeOffset now) =>
        long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - (double)seconds) <= MaxSkew.TotalSeconds;

    public bool Fits(SendGridOptions options, ReadOnlyMemory<byte> body)
    {
        // A DER signature of P-256 has at most 72 bytes.
        Span<byte> signature = stackalloc byte[72];
        if (!Convert.TryFromBase64String(Value, signature, out var length))
            return false;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Timestamp));
        hash.AppendData(body.Span);
        using var key = options.OpenWebhookKey();
        return key.VerifyHash(hash.GetHashAndReset(), signature[..length], DSASignatureFormat.Rfc3279DerSequence);
    }
}
