using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Web;

namespace Gatehouse.Notifications.Sms;

/// <summary>
/// Where Twilio reports what became of a message, and how its signature is recognized: HMAC-SHA1 with the auth token over the address as
/// it was given to Twilio, followed by every field of the form, sorted by name, without separators.
/// </summary>
internal sealed class TwilioCallback(HttpOptions http, SmsOptions options)
{
    public const string SignatureHeader = "X-Twilio-Signature";
    public const string TenantField = "tenant";
    public const string MessageField = "message";
    public const string Route = "/notifications/twilio-status";

    /// <summary>Twilio reaches no loopback address, and reports that are not signed are worth nothing.</summary>
    public bool IsUsed => options.Sender == TwilioSender.SenderName && options.Twilio.AuthToken.Length > 0 && !http.PublicBase.IsLoopback;

    /// <summary>The address for a message's reports. It is configured, never a request's: behind a proxy the host differs, and a forged
    /// one must not count.</summary>
    public Uri UrlOf(Guid tenantId, Guid id) => new(http.PublicBase, $"/v1{Route}?{TenantField}={tenantId}&{MessageField}={id}");

    public bool IsSigned(Uri url, IReadOnlyDictionary<string, string> fields, string signature)
    {
        // Twilio's own libraries try both: some of its services sign the port that an address has by default.
        var withPort = new UriBuilder(url).Uri.GetComponents(UriComponents.AbsoluteUri | UriComponents.StrongPort, UriFormat.UriEscaped);
        var given = new byte[SHA1.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length)
            && length == given.Length
            && (IsSignature(url.AbsoluteUri, fields, given) | IsSignature(withPort, fields, given));
    }

    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with SHA-1; as a keyed hash it still holds.")]
    private bool IsSignature(string url, IReadOnlyDictionary<string, string> fields, byte[] given)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
            text.Append(name).Append(value);
        var own = HMACSHA1.HashData(Encoding.UTF8.GetBytes(options.Twilio.AuthToken), Encoding.UTF8.GetBytes(text.ToString()));
        return CryptographicOperations.FixedTimeEquals(own, given);
    }
}
