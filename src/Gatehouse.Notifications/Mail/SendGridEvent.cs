using System.Text.Json;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// What SendGrid reports of one mail, reduced to what we go by. Its address, texts and times are not read: the mail is known by the ids that we sent along,
/// its address by our own note.
/// </summary>
internal sealed record SendGridEvent(Guid TenantId, Guid NotificationId, string Id, string Kind)
{
    public const string NotificationArgument = "gatehouse_notification";
    public const string TenantArgument = "gatehouse_tenant";

    public const string Bounced = "bounced";
    public const string Blocked = "blocked";
    public const string Dropped = "dropped";
    public const string Complained = "complained";

    private const int MaxIdLength = 200;

    /// <summary>The events of a batch that we know and that are about mails of ours; null when it is no batch.</summary>
    public static IReadOnlyList<SendGridEvent>? ReadBatch(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(Read).OfType<SendGridEvent>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SendGridEvent? Read(JsonElement item) =>
        Guid.TryParse(Text(item, TenantArgument), out var tenant)
        && Guid.TryParse(Text(item, NotificationArgument), out var notification)
        && Text(item, "sg_event_id") is { Length: > 0 and <= MaxIdLength } id && id.All(char.IsAscii) && !id.Any(char.IsControl)
        && KindOf(Text(item, "event"), Text(item, "type")) is { } kind
            ? new SendGridEvent(tenant, notification, id, kind) : null;

    // A bounce of the type "blocked" says that this mail was turned away (a full mailbox, a policy), not that the address is dead.
    private static string? KindOf(string? name, string? type) => name switch
    {
        "bounce" => type == "bounce" ? Bounced : Blocked,
        "dropped" => Dropped,
        "spamreport" => Complained,
        "delivered" => "delivered",
        "deferred" => "deferred",
        "unsubscribe" or "group_unsubscribe" => "unsubscribed",
        _ => null,
    };

    // A text with half a surrogate is valid JSON but no text.
    private static string? Text(JsonElement item, string name)
    {
        try
        {
            return item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
