namespace Gatehouse.Contracts.Events;

/// <summary>
/// A message was accepted by the mail server or service it was sent to, not yet by the user's mailbox. For a message to a phone, the
/// service has reported that the network or the phone has it, where it reports. If the service reports a failure later,
/// <c>notification.failed.v1</c> follows.
/// </summary>
public sealed record NotificationDeliveredV1 : IEvent
{
    public static string Type => "notification.delivered.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>The id of the message from <c>notification.requested.v1</c>.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>The channel: <c>email</c>, <c>sms</c> or <c>whatsapp</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The name of the sender, such as <c>smtp</c>.</summary>
    public required string Sender { get; init; }
}

/// <summary>A message could not be sent or has bounced.</summary>
public sealed record NotificationFailedV1 : IEvent
{
    public static string Type => "notification.failed.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>The id of the message from <c>notification.requested.v1</c>.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>The channel: <c>email</c>, <c>sms</c> or <c>whatsapp</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>
    /// Before it was sent: <c>expired</c>, <c>recipient-deleted</c> (the registration ended or the user was erased), <c>suppressed</c>
    /// (the address bounced, complained or unsubscribed earlier), <c>limited</c> (the country of the number has had its messages of the
    /// day), <c>unsubscribed</c> (the owner of the number wants no messages), <c>refused</c> or <c>given-up</c>. After the service
    /// accepted it: <c>bounced</c> (the address or number does not exist), <c>blocked</c> (this message was rejected), <c>undelivered</c>
    /// (it did not reach the phone), <c>dropped</c> (the service did not send it) or <c>unsubscribed</c>.
    /// </summary>
    public required string Reason { get; init; }
}
