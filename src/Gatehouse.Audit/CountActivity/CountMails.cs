using Gatehouse.Audit.Data;
using Gatehouse.Contracts.Activity;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Audit;

/// <summary>Counts mails that were accepted. The audit has no records of them: they may be sent by another process.</summary>
internal sealed class OnNotificationDelivered : ISubscriber<NotificationDeliveredV1>
{
    public const string Name = "audit.count-delivered";

    public Task<Delivery> HandleAsync(
        NotificationDeliveredV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    ) => Counting.NoteMail(tx, envelope, message.Channel, ActivityFigure.MailsSent);
}

/// <summary>Counts mails that were not sent or came back.</summary>
internal sealed class OnNotificationFailed : ISubscriber<NotificationFailedV1>
{
    public const string Name = "audit.count-failed";

    public Task<Delivery> HandleAsync(
        NotificationFailedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    ) => Counting.NoteMail(tx, envelope, message.Channel, ActivityFigure.MailsFailed);
}

internal static class Counting
{
    /// <summary>Commits with the note that the event was taken, so each is counted once.</summary>
    public static Task<Delivery> NoteMail(Transaction tx, EventEnvelope envelope, string channel, ActivityFigure figure)
    {
        if (channel == NotificationRequestedV1.Email)
            tx.Collect<ActivityCounts>().Add(envelope.TenantId, envelope.Time, figure.Action, figure.Result);
        return Task.FromResult(Delivery.Done);
    }
}
