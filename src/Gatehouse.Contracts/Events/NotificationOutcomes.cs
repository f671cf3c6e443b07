namespace Gatehouse.Contracts.Events;

/// <summary>
/// A message was accepted by the carrier it was handed to (the mail server or service, not yet the user's mailbox). A carrier that reports later may
/// still say otherwise: <c>notification.failed.v1</c> follows then.
/// </summary>
public sealed record NotificationDeliveredV1 : IEvent
{
    public static string Type => "notification.delivered.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>The message, as <c>notification.requested.v1</c> named it.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>How it was to be sent: <c>email</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The name of the sender that took it, such as <c>smtp</c>.</summary>
    public required string Sender { get; init; }
}

/// <summary>A message will not be sent (any more), or came back.</summary>
public sealed record NotificationFailedV1 : IEvent
{
    public static string Type => "notification.failed.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>The message, as <c>notification.requested.v1</c> named it.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>How it was to be sent: <c>email</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>
    /// Before it was handed over: <c>expired</c>, <c>recipient-deleted</c> (the registration ended or the user was erased), <c>suppressed</c> (the address
    /// bounced or complained earlier), <c>rejected</c> or <c>given-up</c>. After the carrier had accepted it: <c>bounced</c> (the address takes no mail),
    /// <c>blocked</c> (this mail was turned away) or <c>dropped</c> (the carrier did not send it).
    /// </summary>
    public required string Reason { get; init; }
}
