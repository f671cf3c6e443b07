using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A message to a user is to be sent. Address, codes and links are encrypted.</summary>
public sealed record NotificationRequestedV1 : IEvent
{
    public const string Email = "email";
    public const string Sms = "sms";
    public const string WhatsApp = "whatsapp";

    /// <summary>
    /// The channel of a message that is not sent because its address has reached its daily limit. Everything else is unchanged.
    /// </summary>
    public const string Nowhere = "none";

    public static string Type => "notification.requested.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>Identifies the message across retries; the Message-ID of the mail is derived from it.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary><c>email</c>, <c>sms</c>, <c>whatsapp</c>, or <c>none</c> if it is not sent because the address has reached its daily limit.</summary>
    public required string Channel { get; init; }

    /// <summary>Name of the template, such as <c>registration-code</c>.</summary>
    public required string Template { get; init; }

    /// <summary>BCP 47 language of the message; falls back to English if there is no template.</summary>
    public required string Language { get; init; }

    /// <summary>Time after which the message must not be sent, UTC; null if it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Address and template values, encrypted with the key of the user or registration.</summary>
    public required Encrypted<NotificationPersonalV1> Personal { get; init; }
}

/// <summary>Recipient and template values of a message.</summary>
/// <param name="To">The e-mail address, or the phone number in E.164 form (<c>+14155550123</c>).</param>
/// <param name="Values">The template values by placeholder.</param>
public sealed record NotificationPersonalV1(string To, IReadOnlyDictionary<string, string> Values) : IPersonalData
{
    public static string Schema => "notification-personal.v1";

    /// <summary>
    /// The blind index of the address, Base64, with which senders recognize an address without storing it. Absent in older messages.
    /// </summary>
    public string? AddressIndex { get; init; }

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
