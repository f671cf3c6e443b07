namespace Gatehouse.Contracts.Events;

/// <summary>
/// A message was accepted by the mail server or service it was sent to, not yet by the user's mailbox. If the service reports a failure
/// later, <c>notification.failed.v1</c> follows.
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
    /// (the address bounced or complained earlier), <c>refused</c> or <c>given-up</c>. After the service accepted it: <c>bounced</c>
    /// (the address does not exist), <c>blocked</c> (this mail was rejected) or <c>dropped</c> (the service did not send it).
    /// </summary>
    public required string Reason { get; init; }
}
