using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// What SendGrid reports of one mail, reduced to what we go by. Its address and times are not read, and of its texts only whether the
/// mailbox was full: the mail is known by the ids that we sent along, its address by our own note.
/// </summary>
internal sealed partial record SendGridEvent
{
    public const string NotificationArgument = "gatehouse_notification";
    public const string TenantArgument = "gatehouse_tenant";

    public const string Bounced = "bounced";
    public const string Blocked = "blocked";
    public const string Dropped = "dropped";
    public const string Complained = "complained";

    private const int MaxIdLength = 200;

    public required Guid TenantId { get; init; }

    public required Guid NotificationId { get; init; }

    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>Whether it says that the mail came back, which counts once for a mail however often, and under whatever event id, it is
    /// reported.</summary>
    public bool IsFinal => Kind is Bounced or Blocked or Dropped or Complained;

    /// <summary>By what a repeated report is known.</summary>
    public string Key => IsFinal ? "final " + Kind : Id;

    /// <summary>The events of a batch that we know and that are about mails of ours; null when it is no batch.</summary>
    public static IReadOnlyList<SendGridEvent>? ReadBatch(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(Read).OfType<SendGridEvent>()]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SendGridEvent? Read(JsonElement item) =>
        Guid.TryParse(Text(item, TenantArgument), out var tenant)
        && Guid.TryParse(Text(item, NotificationArgument), out var notification)
        && Text(item, "sg_event_id") is { Length: > 0 and <= MaxIdLength } id
        && id.All(char.IsAscii)
        && !id.Any(char.IsControl)
        && KindOf(item) is { } kind
            ? new SendGridEvent
            {
                TenantId = tenant,
                NotificationId = notification,
                Id = id,
                Kind = kind,
            }
            : null;

    private static string? KindOf(JsonElement item) =>
        Text(item, "event") switch
        {
            "bounce" => Text(item, "type") == "bounce" && !IsFull(item) ? Bounced : Blocked,
            "dropped" => Dropped,
            "spamreport" => Complained,
            "delivered" => "delivered",
            "deferred" => "deferred",
            "unsubscribe" or "group_unsubscribe" => "unsubscribed",
            _ => null,
        };

    // A bounce of the type "blocked" says that this mail was turned away (a policy), not that the address is dead. So does a full mailbox,
    // which is reported as "bounce".
    private static bool IsFull(JsonElement item) => FullMailbox.IsMatch($"{Text(item, "status")} {Text(item, "reason")}");

    [GeneratedRegex(
        @"\b[45]\.2\.2\b|\b[45]52\b|mailbox\s+(is\s+|was\s+)?full|full\s+mailbox"
            + @"|(over|exceed\w*|out of)\s*(\w+\s+){0,2}(quota|storage|space)"
            + @"|quota\s+(has been\s+|is\s+)?exceeded|insufficient\s+(system\s+)?storage",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FullMailbox { get; }

    // A text with half a surrogate is valid JSON but no text.
    private static string? Text(JsonElement item, string name)
    {
        try
        {
            return
                item.ValueKind == JsonValueKind.Object
                && item.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
