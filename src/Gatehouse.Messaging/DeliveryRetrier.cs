using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Tries deferred deliveries again when their wait is over, several at once; after the last attempt they are dead letters for a
/// user to look at.</summary>
internal sealed partial class DeliveryRetrier(
    Database database,
    IEnumerable<Subscription> subscriptions,
    IServiceProvider services,
    WorkSignal wake,
    ReadinessGate ready,
    MessagingMetrics metrics,
    MessagingOptions options,
    DatabaseOutage outage,
    ILogger<DeliveryRetrier> logger
) : BackgroundService
{
    private const int AtOnce = 4;
    private const string Savepoint = "handle";

    // A listener has one for each kind of event, all alike.
    private readonly Dictionary<string, Subscription> byName = subscriptions
        .DistinctBy(s => s.Name, StringComparer.Ordinal)
        .ToDictionary(s => s.Name, StringComparer.Ordinal);

    [SuppressMessage("Reliability", "CA2025", Justification = "The loop ends only when every slot has come back.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(options.PollMilliseconds);
        using var slots = new SemaphoreSlim(AtOnce);
        try
        {
            while (true)
            {
                await ready.WaitAsync(stoppingToken);
                await slots.WaitAsync(stoppingToken);
                _ = RetryDueAsync(slots, stoppingToken);
                await wake.Deferred.WaitAsync(poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            for (var slot = 0; slot < AtOnce; slot++)
                await slots.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Tries until nothing is due, calling for help as long as something is.</summary>
    private async Task RetryDueAsync(SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        try
        {
            while (await RetryOneAsync(stoppingToken))
                wake.Deferred.Set();
        }
        catch (Exception e)
        {
            if (!stoppingToken.IsCancellationRequested && !outage.Note(e))
                Log.RoundFailed(logger, e);
        }
        finally
        {
            slots.Release();
        }
    }

    private Task<bool> RetryOneAsync(CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            "inbox.retry",
            async tx =>
            {
                var deferred = await tx.FirstOrDefaultAsync<DeferredDelivery>(
                    """
                    select subscriber, event_id, key, attempts, envelope
                      from runtime.parked
                     where state = 'retrying' and next_attempt_at <= @now and subscriber = any(@known)
                     order by next_attempt_at
                     limit 1 for update skip locked
                    """,
                    new { now = tx.Now, known = byName.Keys.ToArray() }
                );
                if (deferred is null)
                    return false;

                var subscription = byName[deferred.Subscriber];
                var delivery = await HandleAsync(tx, subscription, deferred, cancellationToken);
                if (delivery.Kind == DeliveryKind.Retry)
                    await PostponeAsync(tx, subscription, deferred, delivery.Reason);
                else
                    await FinishAsync(tx, subscription, deferred, delivery);
                return true;
            },
            cancellationToken
        );

    private async Task<Delivery> HandleAsync(
        Transaction tx,
        Subscription subscription,
        DeferredDelivery deferred,
        CancellationToken cancellationToken
    )
    {
        var envelope = JsonSerializer.Deserialize(deferred.Envelope, EventJson.Default.EventEnvelope)!;
        using var span = Spans.Start("inbox." + subscription.Name, envelope.TraceParent);
        await tx.SaveAsync(Savepoint);
        var delivery = await AttemptAsync(subscription, envelope, tx, cancellationToken);
        if (delivery.Kind == DeliveryKind.Retry)
            await tx.RollbackToAsync(Savepoint);
        return delivery;
    }

    private async Task<Delivery> AttemptAsync(
        Subscription subscription,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await subscription.HandleAsync(services, envelope, tx, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!outage.Note(e))
                Log.SubscriberFailed(logger, subscription.Name, envelope.Id, e);
            return Delivery.Retry(e.GetType().Name);
        }
    }

    private async Task PostponeAsync(Transaction tx, Subscription subscription, DeferredDelivery deferred, string reason)
    {
        var attempts = deferred.Attempts + 1;
        var dead = attempts >= options.MaxAttempts;
        await tx.ExecuteAsync(
            """
            update runtime.parked set attempts = @attempts, state = @state, next_attempt_at = @next, reason = @reason
             where subscriber = @Subscriber and event_id = @EventId
            """,
            new
            {
                attempts,
                state = dead ? "dead" : "retrying",
                next = tx.Now + BackOff.After(attempts),
                reason,
                deferred.Subscriber,
                deferred.EventId,
            }
        );
        metrics.Retried(subscription.Name);
        if (!dead)
            return;

        metrics.DeadLettered(subscription.Name);
        Log.DeadLetter(logger, subscription.Name, deferred.EventId, reason);
        if (subscription.DeadLetters == DeadLetters.SuccessorsPass)
            await ReleaseNextAsync(tx, deferred);
    }

    private async Task FinishAsync(Transaction tx, Subscription subscription, DeferredDelivery deferred, Delivery delivery)
    {
        await tx.ExecuteAsync(
            "delete from runtime.parked where subscriber = @Subscriber and event_id = @EventId",
            new { deferred.Subscriber, deferred.EventId }
        );
        if (delivery.Kind == DeliveryKind.Drop)
            await DeliveryNotes.DroppedAsync(tx, subscription, deferred.EventId, delivery.Reason);
        else
            await tx.ExecuteAsync(
                "update runtime.inbox set outcome = 'done' where event_id = @EventId and subscriber = @Subscriber",
                new { deferred.EventId, deferred.Subscriber }
            );
        if (delivery.Kind == DeliveryKind.Done)
            metrics.Delivered(subscription.Name);
        await ReleaseNextAsync(tx, deferred);
    }

    private static async Task ReleaseNextAsync(Transaction tx, DeferredDelivery deferred)
    {
        await DeliveryNotes.LockKeyAsync(tx, deferred.Subscriber, deferred.Key);
        await DeliveryNotes.ReleaseNextAsync(tx, deferred.Subscriber, deferred.Key);
    }

    private sealed class DeferredDelivery
    {
        public string Subscriber { get; init; } = "";

        public Guid EventId { get; init; }

        public Guid Key { get; init; }

        public int Attempts { get; init; }

        public string Envelope { get; init; } = "";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Deferred deliveries could not be retried")]
        public static partial void RoundFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Subscriber} failed again on event {EventId}")]
        public static partial void SubscriberFailed(ILogger logger, string subscriber, Guid eventId, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "{Subscriber} gave up event {EventId}, a dead letter now: {Reason}")]
        public static partial void DeadLetter(ILogger logger, string subscriber, Guid eventId, string reason);
    }
}
