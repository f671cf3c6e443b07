using System.Text.Json;
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
    Database database, IEnumerable<Subscription> subscriptions, IServiceProvider services, WorkSignal wake, MessagingMetrics metrics, DatabaseOutage outage,
    ILogger<EventReceiver> logger)
{
    // Enough that commits no longer count, few enough that a slow subscriber does not hold its transaction, and with it the log, for long.
    private const int PerTransaction = 25;

    public static PartitionedTable Table { get; } = new("runtime", "inbox", PartitionSpan.Day)
    {
        // An event that is delivered very late still finds its place: as long as the log has that day.
        IsNeededAsync = (db, partition) => db.SingleAsync<bool>(
            "select to_regclass(@twin) is not null", new { twin = partition.Replace("runtime.inbox", "runtime.events", StringComparison.Ordinal) }),
    };

    private readonly ILookup<string, Subscription> byType = subscriptions.ToLookup(s => s.EventType, StringComparer.Ordinal);

    /// <summary>Events of one partition, in order. Returning means that each was taken, dropped or deferred.</summary>
    public async Task ReceiveAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        foreach (var some in events.Chunk(PerTransaction))
        {
            List<Item> due = [.. some.SelectMany(e => byType[e.Type], (e, subscription) => new Item(subscription, e))];
            if (due.Count > 1)
            {
                var attempt = await TryTogetherAsync(due, cancellationToken);
                if (attempt.Succeeded) continue;
                foreach (var item in due) await ReceiveAsync(item, item == attempt.Failed ? attempt.Reason : null, cancellationToken);
            }
            else if (due.Count == 1)
            {
                await ReceiveAsync(due[0], knownFailure: null, cancellationToken);
            }
        }
    }

    /// <summary>Takes all in one transaction. One that fails undoes them all; they go one by one then.</summary>
    private async Task<Attempt> TryTogetherAsync(List<Item> due, CancellationToken cancellationToken)
    {
        Item? current = null;
        try
        {
            var deliveries = await database.InTransactionAsync(
                "inbox.take",
                async tx =>
                {
                    current = null;
                    var taken = await TakeAsync(tx, due);
                    var waiting = await WaitingAsync(tx, due);
                    var done = new List<(Item, Delivery)>(due.Count);
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
                cancellationToken);
            foreach (var (item, delivery) in deliveries) Note(item, delivery);
            return new Attempt(Succeeded: true, Failed: null, Reason: null);
        }
        catch (RetryRequestedException e)
        {
            return new Attempt(Succeeded: false, current, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!outage.Note(e) && current is not null) Log.SubscriberFailed(logger, current.Subscription.Name, current.Envelope.Id, e);
            return new Attempt(Succeeded: false, current, e.GetType().Name);
        }
    }

    /// <param name="knownFailure">Why the subscriber could not take it a moment ago: it is not asked again at once.</param>
    private async Task ReceiveAsync(Item item, string? knownFailure, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        using var span = Spans.Start("inbox." + subscription.Name, envelope.TraceParent);
        var delivery = knownFailure is null ? await TryHandleAsync(item, cancellationToken) : Delivery.Retry(knownFailure);
        Note(item, delivery);
        if (delivery.Kind != DeliveryKind.Retry) return;

        await database.InTransactionAsync(
            "inbox.park",
            async tx =>
            {
                if (!await TakeAsync(tx, subscription, envelope, "parked")) return true;
                if (await WaitsBehindAsync(tx, subscription, envelope.Key)) await WaitAsync(tx, item);
                else await DeferAsync(tx, subscription, envelope, "retrying", attempts: 1, tx.Now + BackOff.After(1), delivery.Reason);
                return true;
            },
            cancellationToken);
        wake.Deferred.Set();
    }

    private void Note(Item item, Delivery delivery)
    {
        var name = item.Subscription.Name;
        if (delivery.Kind == DeliveryKind.Done) metrics.Delivered(name);
        if (delivery.Kind == DeliveryKind.Drop) Log.Dropped(logger, name, item.Envelope.Id, delivery.Reason);
        if (delivery.Kind != DeliveryKind.Retry) return;
        metrics.Retried(name);
        Log.Deferred(logger, name, item.Envelope.Id, delivery.Reason);
    }

    private async Task<Delivery> TryHandleAsync(Item item, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        try
        {
            return await database.InTransactionAsync(
                "inbox.take",
                async tx => await TakeAsync(tx, subscription, envelope, "done")
                    ? await HandleAsync(tx, item, mayWait: true, cancellationToken) : Delivery.Done,
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

    private async Task<Delivery> HandleAsync(Transaction tx, Item item, bool mayWait, CancellationToken cancellationToken)
    {
        var (subscription, envelope) = item;
        if (mayWait && await WaitsBehindAsync(tx, subscription, envelope.Key))
        {
            await WaitAsync(tx, item);
            return Delivery.Done;
        }

        var delivery = await subscription.HandleAsync(services, envelope, tx, cancellationToken);
        // Leaving by exception is the one way to undo what the subscriber wrote.
        if (delivery.Kind == DeliveryKind.Retry) throw new RetryRequestedException(delivery.Reason);
        if (delivery.Kind == DeliveryKind.Drop) await DroppedAsync(tx, subscription, envelope.Id, delivery.Reason);
        return delivery;
    }

    /// <summary>Notes that the subscribers took the events, in one statement.</summary>
    /// <returns>Those they had not taken before. A concurrent taker is waited for.</returns>
    private static async Task<HashSet<(Guid Event, string Subscriber)>> TakeAsync(Transaction tx, List<Item> due) =>
    [
        .. await tx.ListAsync<(Guid, string)>(
            """
            insert into runtime.inbox (event_id, subscriber, outcome)
            select event_id, subscriber, 'done' from unnest(@ids, @names) as due (event_id, subscriber) order by event_id, subscriber
            on conflict do nothing
            returning event_id, subscriber
            """,
            new { ids = due.Select(i => i.Envelope.Id).ToArray(), names = due.Select(i => i.Subscription.Name).ToArray() }),
    ];

    /// <summary>The keys of which something is parked, whatever its state: their events are looked at one by one.</summary>
    private static async Task<HashSet<(string Subscriber, Guid Key)>> WaitingAsync(Transaction tx, List<Item> due) =>
    [
        .. await tx.ListAsync<(string, Guid)>(
            """
            select distinct p.subscriber, p.key
              from unnest(@names, @keys) as due (subscriber, key) join runtime.parked p on p.subscriber = due.subscriber and p.key = due.key
            """,
            new { names = due.Select(i => i.Subscription.Name).ToArray(), keys = due.Select(i => i.Envelope.Key).ToArray() }),
    ];

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

    private static Task<int> WaitAsync(Transaction tx, Item item) =>
        DeferAsync(tx, item.Subscription, item.Envelope, "waiting", attempts: 0, tx.Now, "An earlier event of the key waits.");

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

    private sealed record Item(Subscription Subscription, EventEnvelope Envelope);

    /// <param name="Failed">The one that failed; null where it was the transaction.</param>
    private sealed record Attempt(bool Succeeded, Item? Failed, string? Reason);

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
