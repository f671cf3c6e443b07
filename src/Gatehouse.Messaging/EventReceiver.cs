using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>
/// Brings an event to each subscriber once: the subscriber's writes and the note that it took the event commit together. What fails is
/// deferred, durable and in the order of its key, so the partition goes on.
/// </summary>
internal sealed partial class EventReceiver(
    Database database, IEnumerable<Subscription> subscriptions, IServiceProvider services, WorkSignal wake, MessagingMetrics metrics, DatabaseOutage outage,
    ILogger<EventReceiver> logger)
{
    public static PartitionedTable Table { get; } = new("runtime", "inbox", PartitionSpan.Day)
    {
        // An event that is delivered very late still finds its place: as long as the log has that day.
        IsNeededAsync = (db, partition) => db.SingleAsync<bool>(
            "select to_regclass(@twin) is not null", new { twin = partition.Replace("runtime.inbox", "runtime.events", StringComparison.Ordinal) }),
    };

    private readonly ILookup<string, Subscription> byType = subscriptions.ToLookup(s => s.EventType, StringComparer.Ordinal);

    public async Task ReceiveAsync(EventEnvelope envelope, CancellationToken cancellationToken)
    {
        foreach (var subscription in byType[envelope.Type]) await ReceiveAsync(subscription, envelope, cancellationToken);
    }

    private async Task ReceiveAsync(Subscription subscription, EventEnvelope envelope, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("inbox." + subscription.Name, envelope.TraceParent);
        var delivery = await TryHandleAsync(subscription, envelope, cancellationToken);
        if (delivery.Kind == DeliveryKind.Done) metrics.Delivered(subscription.Name);
        if (delivery.Kind == DeliveryKind.Drop) Log.Dropped(logger, subscription.Name, envelope.Id, delivery.Reason);
        if (delivery.Kind != DeliveryKind.Retry) return;

        metrics.Retried(subscription.Name);
        Log.Deferred(logger, subscription.Name, envelope.Id, delivery.Reason);
        await database.InTransactionAsync(
            "inbox.park",
            async tx =>
            {
                if (await TakeAsync(tx, subscription, envelope, "parked"))
                    await DeferAsync(tx, subscription, envelope, "retrying", attempts: 1, tx.Now + BackOff.After(1), delivery.Reason);
                return true;
            },
            cancellationToken);
        wake.Deferred.Set();
    }

    private async Task<Delivery> TryHandleAsync(Subscription subscription, EventEnvelope envelope, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(
                "inbox.take",
                async tx =>
                {
                    if (!await TakeAsync(tx, subscription, envelope, "done")) return Delivery.Done;
                    if (await WaitsBehindAsync(tx, subscription, envelope.Key))
                    {
                        await DeferAsync(tx, subscription, envelope, "waiting", attempts: 0, tx.Now, "An earlier event of the key waits.");
                        return Delivery.Done;
                    }

                    var delivery = await subscription.HandleAsync(services, envelope, tx, cancellationToken);
                    // Leaving by exception is the one way to undo what the subscriber wrote.
                    if (delivery.Kind == DeliveryKind.Retry) throw new RetryRequestedException(delivery.Reason);
                    if (delivery.Kind == DeliveryKind.Drop) await DroppedAsync(tx, subscription, envelope.Id, delivery.Reason);
                    return delivery;
                },
                cancellationToken);
        }
        catch (RetryRequestedException e)
        {
            return Delivery.Retry(e.Message);
        }
        // Whatever it is, a time-out of an outgoing call too: with the database away, deferring fails as well and the partition stays where it is.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!outage.Note(e)) Log.SubscriberFailed(logger, subscription.Name, envelope.Id, e);
            return Delivery.Retry(e.GetType().Name);
        }
    }

    /// <summary>Notes that the subscriber took the event; false when it had before. A concurrent taker is waited for.</summary>
    private static async Task<bool> TakeAsync(Transaction tx, Subscription subscription, EventEnvelope envelope, string outcome) =>
        await tx.ExecuteAsync(
            "insert into runtime.inbox (event_id, subscriber, outcome) values (@id, @name, @outcome) on conflict do nothing",
            new { id = envelope.Id, name = subscription.Name, outcome }) == 1;

    internal static Task DroppedAsync(Transaction tx, Subscription subscription, Guid eventId, string reason) =>
        tx.ExecuteAsync(
            "update runtime.inbox set outcome = 'dropped: ' || @reason where event_id = @eventId and subscriber = @name",
            new { eventId, name = subscription.Name, reason });

    /// <summary>Does an unfinished event of the same key come first? The lock keeps the answer true until this transaction ends.</summary>
    private static async Task<bool> WaitsBehindAsync(Transaction tx, Subscription subscription, Guid key)
    {
        const string Earlier = "select exists (select 1 from runtime.parked where subscriber = @name and key = @key and (state <> 'dead' or @wait))";
        var parameters = new { name = subscription.Name, key, wait = subscription.DeadLetters == DeadLetters.SuccessorsWait };
        if (!await tx.SingleAsync<bool>(Earlier, parameters)) return false;
        await LockKeyAsync(tx, subscription.Name, key);
        return await tx.SingleAsync<bool>(Earlier, parameters);
    }

    /// <summary>Parking behind an event and letting the next one go exclude each other, or one could be left waiting for ever.</summary>
    internal static Task LockKeyAsync(Transaction tx, string subscriber, Guid key) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@subscriber || @key::text, 0))", new { subscriber, key });

    private static Task<int> DeferAsync(
        Transaction tx, Subscription subscription, EventEnvelope envelope, string state, int attempts, DateTimeOffset nextAttempt, string reason) =>
        tx.ExecuteAsync(
            """
            insert into runtime.parked (subscriber, event_id, key, state, attempts, next_attempt_at, parked_at, reason, envelope)
            values (@name, @id, @key, @state, @attempts, @nextAttempt, @now, @reason, @envelope)
            """,
            new
            {
                name = subscription.Name,
                id = envelope.Id,
                key = envelope.Key,
                state,
                attempts,
                nextAttempt,
                now = tx.Now,
                reason,
                envelope = JsonSerializer.Serialize(envelope, EventJson.Default.EventEnvelope),
            });

    private sealed class RetryRequestedException(string reason) : Exception(reason);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Subscriber} failed on event {EventId}")]
        public static partial void SubscriberFailed(ILogger logger, string subscriber, Guid eventId, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Subscriber} will try event {EventId} again: {Reason}")]
        public static partial void Deferred(ILogger logger, string subscriber, Guid eventId, string reason);

        [LoggerMessage(3, LogLevel.Warning, "{Subscriber} dropped event {EventId}: {Reason}")]
        public static partial void Dropped(ILogger logger, string subscriber, Guid eventId, string reason);
    }
}
