using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// A message as a mailer of the installation's own gets it, by HTTP or on a topic: the notification message of ELEVATE's user service as
/// body, and beside it the headers of Standard Webhooks.
/// </summary>
internal sealed class SignedMessage
{
    public const string ContentType = "application/json";

    public required byte[] Body { get; init; }

    /// <summary>The id is the same at every attempt; time and signature are those of this one.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public static SignedMessage Of(OutgoingMail mail, SigningOptions signing, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new MailerMessage
            {
                Type = "email",
                Email = new MailerMail
                {
                    To = [mail.To],
                    Subject = mail.Content.Subject,
                    Body = mail.Content.Html,
                },
            },
            MailerMessageJson.Default.MailerMessage
        );
        var (id, time) = (mail.Id.ToString(), now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["webhook-id"] = id, ["webhook-timestamp"] = time };
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body];
        var signatures = signing.Keys().Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))).ToList();
        if (signatures.Count > 0)
            headers["webhook-signature"] = string.Join(' ', signatures);
        return new SignedMessage { Body = body, Headers = headers };
    }
}

internal sealed record MailerMessage
{
    public required string Type { get; init; }

    public required MailerMail Email { get; init; }
}

internal sealed record MailerMail
{
    public required IReadOnlyList<string> To { get; init; }

    public required string Subject { get; init; }

    /// <summary>HTML.</summary>
    public required string Body { get; init; }

    public override string ToString() => "[mail]";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MailerMessage))]
internal sealed partial class MailerMessageJson : JsonSerializerContext;
