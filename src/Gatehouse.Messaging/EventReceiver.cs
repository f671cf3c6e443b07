using Gatehouse.Contracts.Events;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>
/// Brings an event to each subscriber once: the subscriber's writes and the note that it took the event commit together, those of several
/// events of a partition in one transaction. What fails is deferred, durable and in the order of its key, so the partition goes on.
/// </summary>
internal sealed partial class EventReceiver(
    Database database,
    IEnumerable<Subscription> subscriptions,
    IServiceProvider services,
    WorkSignal wake,
    MessagingMetrics metrics,
    DatabaseOutage outage,
    ILogger<EventReceiver> logger
)
{
    // Enough that commits no longer count, few enough that a slow subscriber does not hold its transaction, and with it the log, for long.
    private const int PerTransaction = 25;

    private readonly ILookup<string, Subscription> byType = subscriptions.ToLookup(s => s.EventType, StringComparer.Ordinal);

    /// <summary>Events of one partition, in order. Returning means that each was taken, dropped or deferred.</summary>
    /// <param name="module">Whose subscribers they are for; null for all.</param>
    public async Task ReceiveAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken, string? module = null)
    {
        foreach (var some in events.Chunk(PerTransaction))
        {
            var due = await DueAsync(some, module, cancellationToken);
            if (due.Count > 1)
            {
                var attempt = await TryTogetherAsync(due, cancellationToken);
                if (attempt.Succeeded)
                    continue;
                foreach (var item in due)
                    await ReceiveAsync(item, item == attempt.Failed ? attempt.Reason : null, cancellationToken);
            }
            else if (due.Count == 1)
            {
                await ReceiveAsync(due[0], knownFailure: null, cancellationToken);
            }
        }
    }

    private async Task<List<DueEvent>> DueAsync(EventEnvelope[] events, string? module, CancellationToken cancellationToken)
    {
        var due = new List<DueEvent>();
        foreach (var envelope in events)
        foreach (var subscription in byType[envelope.Type].Where(s => module is null || s.Module == module))
        {
            if (subscription.WantsAsync is null || await subscription.WantsAsync(services, envelope, cancellationToken))
                due.Add(new DueEvent(subscription, envelope));
        }

        return due;
    }

    /// <summary>Takes all in one transaction. One that fails undoes them all; they go one by one then.</summary>
    private async Task<Attempt> TryTogetherAsync(List<DueEvent> due, CancellationToken cancellationToken)
    {
        DueEvent? current = null;
        try
        {
            var deliveries = await database.InTransactionAsync(
                "inbox.take",
                async tx =>
                {
                    current = null;
                    var taken = await DeliveryNotes.TakeAsync(tx, due);
                    var waiting = await DeliveryNotes.WaitingAsync(tx, due);
                    var done = new List<(DueEvent, Delivery)>(due.Count);
                    foreach (var item in due.Where(i => taken.Contains((i.Envelope.Id, i.Subscription.Name))))
                    {
                        current = item;
                        using var span = Spans.Start("inbox." + item.Subscription.Name, item.Envelope.TraceParent);
                        var mayWait = waiting.Contains((item.Subscription.Name, item.Envelope.Key));
                        done.Add((item, await HandleAsync(tx, item, mayWait, cancellationToken)));
                    }

                    current = null;
                    return done;
                },
                cancellationToken
            );
            foreach (var (item, delivery) in deliveries)
                Note(item, delivery);
            return new Attempt(Succeeded: true, Failed: null, Reason: null);
        }
        catch (RetryRequestedException e)
        {
            return new Attempt(Succeeded: false, current, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!outage.Note(e) && current is not null)
                Log.SubscriberFailed(logger, current.Subscription.Name, current.Envelope.Id, e);
            return new Attempt(Succeeded: false, current, e.GetType().Name);
        }
    }

    /// <param name="knownFailure">Why the subscriber could not take it a moment ago: it is not asked again at once.</param>
    private async Task ReceiveAsync(DueEvent item, string? knownFailure, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        using var span = Spans.Start("inbox." + subscription.Name, envelope.TraceParent);
        var delivery = knownFailure is null ? await TryHandleAsync(item, cancellationToken) : Delivery.Retry(knownFailure);
        Note(item, delivery);
        if (delivery.Kind != DeliveryKind.Retry)
            return;

        await database.InTransactionAsync(
            "inbox.park",
            async tx =>
            {
                if (!await DeliveryNotes.TakeAsync(tx, subscription, envelope, "parked"))
                    return true;
                if (await DeliveryNotes.WaitsBehindAsync(tx, subscription, envelope.Key))
                    await WaitAsync(tx, item);
                else
                    await DeliveryNotes.DeferAsync(
                        tx,
                        subscription,
                        envelope,
                        "retrying",
                        attempts: 1,
                        tx.Now + BackOff.After(1),
                        delivery.Reason
                    );
                return true;
            },
            cancellationToken
        );
        wake.Deferred.Set();
    }

    private void Note(DueEvent item, Delivery delivery)
    {
        var name = item.Subscription.Name;
        if (delivery.Kind == DeliveryKind.Done)
            metrics.Delivered(name);
        if (delivery.Kind == DeliveryKind.Drop)
            Log.Dropped(logger, name, item.Envelope.Id, delivery.Reason);
        if (delivery.Kind != DeliveryKind.Retry)
            return;
        metrics.Retried(name);
        Log.Deferred(logger, name, item.Envelope.Id, delivery.Reason);
    }

    private async Task<Delivery> TryHandleAsync(DueEvent item, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        try
        {
            return await database.InTransactionAsync(
                "inbox.take",
                async tx =>
                    await DeliveryNotes.TakeAsync(tx, subscription, envelope, "done")
                        ? await HandleAsync(tx, item, mayWait: true, cancellationToken)
                        : Delivery.Done,
                cancellationToken
            );
        }
        catch (RetryRequestedException e)
        {
            return Delivery.Retry(e.Message);
        }
        // Whatever it is, a time-out of an outgoing call too: with the database away, deferring fails as well and the partition stays where
        // it is.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!outage.Note(e))
                Log.SubscriberFailed(logger, subscription.Name, envelope.Id, e);
            return Delivery.Retry(e.GetType().Name);
        }
    }

    private async Task<Delivery> HandleAsync(Transaction tx, DueEvent item, bool mayWait, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        if (mayWait && await DeliveryNotes.WaitsBehindAsync(tx, subscription, envelope.Key))
        {
            await WaitAsync(tx, item);
            return Delivery.Done;
        }

        var delivery = await subscription.HandleAsync(services, envelope, tx, cancellationToken);
        // Leaving by exception is the one way to undo what the subscriber wrote.
        if (delivery.Kind == DeliveryKind.Retry)
            throw new RetryRequestedException(delivery.Reason);
        if (delivery.Kind == DeliveryKind.Drop)
            await DeliveryNotes.DroppedAsync(tx, subscription, envelope.Id, delivery.Reason);
        return delivery;
    }

    private static Task<int> WaitAsync(Transaction tx, DueEvent item) =>
        DeliveryNotes.DeferAsync(
            tx,
            item.Subscription,
            item.Envelope,
            "waiting",
            attempts: 0,
            tx.Now,
            "An earlier event of the key waits."
        );

    /// <param name="Failed">The one that failed; null where it was the transaction.</param>
    private sealed record Attempt(bool Succeeded, DueEvent? Failed, string? Reason);

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
