using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>What is stored of deliveries: which subscriber took which event, and what is deferred until when.</summary>
internal static class DeliveryNotes
{
    public static PartitionedTable Table { get; } =
        new()
        {
            Schema = "runtime",
            Name = "inbox",
            Span = PartitionSpan.Day,
            // An event that is delivered very late still finds its place: as long as the log has that day.
            IsNeededAsync = (db, partition) =>
                db.SingleAsync<bool>(
                    "select to_regclass(@twin) is not null",
                    new { twin = partition.Replace("runtime.inbox", "runtime.events", StringComparison.Ordinal) }
                ),
        };

    /// <summary>Notes that the subscribers took the events, in one statement.</summary>
    /// <returns>Those they had not taken before. A concurrent taker is waited for.</returns>
    public static async Task<HashSet<(Guid Event, string Subscriber)>> TakeAsync(Transaction tx, IReadOnlyCollection<DueEvent> due) =>
        [
            .. await tx.ListAsync<(Guid, string)>(
                """
                insert into runtime.inbox (event_id, subscriber, outcome)
                select event_id, subscriber, 'done' from unnest(@ids, @names) as due (event_id, subscriber) order by event_id, subscriber
                on conflict do nothing
                returning event_id, subscriber
                """,
                new { ids = due.Select(i => i.Envelope.Id).ToArray(), names = due.Select(i => i.Subscription.Name).ToArray() }
            ),
        ];

    /// <summary>The keys of which something is parked, whatever its state: their events are looked at one by one.</summary>
    public static async Task<HashSet<(string Subscriber, Guid Key)>> WaitingAsync(Transaction tx, IReadOnlyCollection<DueEvent> due) =>
        [
            .. await tx.ListAsync<(string, Guid)>(
                """
                select distinct p.subscriber, p.key
                  from unnest(@names, @keys) as due (subscriber, key)
                  join runtime.parked p on p.subscriber = due.subscriber and p.key = due.key
                """,
                new { names = due.Select(i => i.Subscription.Name).ToArray(), keys = due.Select(i => i.Envelope.Key).ToArray() }
            ),
        ];

    /// <summary>Notes that the subscriber took the event; false when it had before. A concurrent taker is waited for.</summary>
    public static async Task<bool> TakeAsync(Transaction tx, Subscription subscription, EventEnvelope envelope, string outcome) =>
        await tx.ExecuteAsync(
            "insert into runtime.inbox (event_id, subscriber, outcome) values (@id, @name, @outcome) on conflict do nothing",
            new
            {
                id = envelope.Id,
                name = subscription.Name,
                outcome,
            }
        ) == 1;

    public static Task DroppedAsync(Transaction tx, Subscription subscription, Guid eventId, string reason) =>
        tx.ExecuteAsync(
            "update runtime.inbox set outcome = 'dropped: ' || @reason where event_id = @eventId and subscriber = @name",
            new
            {
                eventId,
                name = subscription.Name,
                reason,
            }
        );

    /// <summary>Does an unfinished event of the same key come first? The lock keeps the answer true until this transaction ends.</summary>
    public static async Task<bool> WaitsBehindAsync(Transaction tx, Subscription subscription, Guid key)
    {
        const string Earlier =
            "select exists (select 1 from runtime.parked where subscriber = @name and key = @key and (state <> 'dead' or @wait))";
        var parameters = new
        {
            name = subscription.Name,
            key,
            wait = subscription.DeadLetters == DeadLetters.SuccessorsWait,
        };
        if (!await tx.SingleAsync<bool>(Earlier, parameters))
            return false;
        await LockKeyAsync(tx, subscription.Name, key);
        return await tx.SingleAsync<bool>(Earlier, parameters);
    }

    /// <summary>Parking behind an event and letting the next one go exclude each other, or one could be left waiting for ever.</summary>
    public static Task LockKeyAsync(Transaction tx, string subscriber, Guid key) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@subscriber || @key::text, 0))", new { subscriber, key });

    /// <summary>Lets go what waits next behind an event that is finished; the key is locked.</summary>
    public static Task ReleaseNextAsync(Transaction tx, string subscriber, Guid key) =>
        tx.ExecuteAsync(
            """
            update runtime.parked set state = 'retrying', next_attempt_at = @Now
             where (subscriber, event_id) = (
                   select subscriber, event_id from runtime.parked
                    where subscriber = @subscriber and key = @key and state = 'waiting'
                    order by position limit 1)
            """,
            new
            {
                tx.Now,
                subscriber,
                key,
            }
        );

    public static Task<int> DeferAsync(
        Transaction tx,
        Subscription subscription,
        EventEnvelope envelope,
        string state,
        int attempts,
        DateTimeOffset nextAttempt,
        string reason
    ) =>
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
            }
        );
}

internal sealed record DueEvent(Subscription Subscription, EventEnvelope Envelope);
