using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Sending;

namespace Gatehouse.Notifications.SendNotification;

/// <summary>
/// Takes a request for a message and queues the sending, in one transaction: a slow provider then holds up neither the event log nor
/// other messages. The job carries the notification's id, so the same request never queues twice,
/// and the messages about one user or registration leave in the order of their requests: an older code never comes last.
/// </summary>
internal sealed class OnNotificationRequested(IEnumerable<IChannel> channels) : ISubscriber<NotificationRequestedV1>
{
    public const string Name = "notifications.send";

    public Task<Delivery> HandleAsync(
        NotificationRequestedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        if (message.Channel == NotificationRequestedV1.Nowhere)
            return Task.FromResult(Delivery.Done);
        if (!channels.Any(channel => channel.Takes(message.Channel)))
            return Task.FromResult(Delivery.Drop($"No sender for the channel {message.Channel}."));
        tx.Enqueue(
            SendMessage.Kind,
            message.NotificationId,
            JsonSerializer.Serialize(new MessageJob(envelope.TenantId, envelope.Key, message), MessageJobJson.Default.MessageJob),
            orderKey: envelope.Key
        );
        return Task.FromResult(Delivery.Done);
    }
}

/// <summary>What the queued job knows; address, codes and links stay sealed in it.</summary>
internal sealed record MessageJob(Guid TenantId, Guid Key, NotificationRequestedV1 Request);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MessageJob))]
internal sealed partial class MessageJobJson : JsonSerializerContext;
