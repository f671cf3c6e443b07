using System.Text.Json.Serialization;

namespace Gatehouse.Notifications.Mail;

/// <summary>The body of <c>POST /v3/mail/send</c>, as far as we use it.</summary>
internal sealed record SendGridMail
{
    public required IReadOnlyList<Recipients> Personalizations { get; init; }

    public required Address From { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<Part> Content { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>What SendGrid repeats in its reports. It stores them in clear for long: ids only.</summary>
    public required IReadOnlyDictionary<string, string> CustomArgs { get; init; }

    public Tracking TrackingSettings { get; } = new();

    public static SendGridMail Of(OutgoingMail mail, MailSender from) =>
        new()
        {
            Personalizations = [new([new() { Email = mail.To }])],
            From = new() { Email = from.Address, Name = from.Name.Length > 0 ? from.Name : mail.ServiceName },
            Subject = mail.Content.Subject,
            // Plain text first: the API rejects another order.
            Content = [new() { Type = "text/plain", Value = mail.Content.Text }, new() { Type = "text/html", Value = mail.Content.Html }],
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Message-ID"] = mail.MessageId(from.Host),
                ["Auto-Submitted"] = "auto-generated",
            },
            CustomArgs = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [SendGridEvent.NotificationArgument] = mail.Id.ToString(),
                [SendGridEvent.TenantArgument] = mail.TenantId.ToString(),
            },
        };

    internal sealed record Recipients(IReadOnlyList<Address> To);

    internal sealed record Address
    {
        public required string Email { get; init; }

        public string? Name { get; init; }

        public override string ToString() => "[address]";
    }

    internal sealed record Part
    {
        public required string Type { get; init; }

        public required string Value { get; init; }

        public override string ToString() => Type;
    }

    /// <summary>
    /// All off, whatever the account's own settings are. Tracked clicks would lead our links, which are secrets, through an address of
    /// SendGrid's and into its logs; tracked openings put a picture of its into the mail; its unsubscribe links would let users turn off
    /// their own security mail.
    /// </summary>
    internal sealed record Tracking
    {
        public Clicks ClickTracking { get; } = new();

        public Switch OpenTracking { get; } = new();

        public Switch SubscriptionTracking { get; } = new();

        public Switch Ganalytics { get; } = new();
    }

    internal sealed record Switch
    {
        public bool Enable { get; }
    }

    internal sealed record Clicks
    {
        public bool Enable { get; }

        public bool EnableText { get; }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(SendGridMail))]
internal sealed partial class SendGridMailJson : JsonSerializerContext;
