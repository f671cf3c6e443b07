using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Messaging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Tries deliveries that are due, those of each webhook beside those of all others, and notes what became of them.</summary>
internal sealed partial class DeliverySender(
    DeliveryStore store,
    WebhookPost post,
    SendingSignal wake,
    ReadinessGate ready,
    MessagingOptions messaging,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<DeliverySender> logger
) : BackgroundService
{
    private const int PerTransaction = 200;

    private readonly ConcurrentQueue<Tried> ended = new();
    private readonly Dictionary<Guid, int> busy = [];
    private readonly List<Tried> unsaved = [];
    private int running;

    [SuppressMessage("Reliability", "CA2025", Justification = "The loop ends only when every attempt has ended.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(messaging.PollMilliseconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ready.WaitAsync(stoppingToken);
                await ConcludeAsync();
                if (await StartDueAsync(stoppingToken) == 0 && ended.IsEmpty)
                    await wake.WaitAsync(poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                if (!outage.Note(e))
                    Log.RoundFailed(logger, e);
                await Task.Delay(poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await EndAsync();
    }

    private async Task<int> StartDueAsync(CancellationToken stoppingToken)
    {
        var due = await store.TakeAsync(busy, stoppingToken);
        foreach (var one in due)
        {
            busy[one.Webhook] = busy.GetValueOrDefault(one.Webhook) + 1;
            Interlocked.Increment(ref running);
            _ = TryAsync(one, stoppingToken);
        }

        return due.Count;
    }

    private async Task TryAsync(DueDelivery due, CancellationToken stoppingToken)
    {
        try
        {
            ended.Enqueue(new Tried(due, await post.SendAsync(due, stoppingToken)));
        }
        catch (OperationCanceledException)
        {
            // Another node takes it when the lease ends.
        }
        catch (Exception e)
        {
            Log.Failed(logger, due.Webhook, due.Id, e);
            ended.Enqueue(new Tried(due, PostResult.Failed("internal")));
        }
        finally
        {
            Interlocked.Decrement(ref running);
            wake.Set();
        }
    }

    /// <summary>What cannot be stored now is stored in the next round.</summary>
    private async Task ConcludeAsync()
    {
        do
        {
            while (unsaved.Count < PerTransaction && ended.TryDequeue(out var tried))
                unsaved.Add(tried);
            if (unsaved.Count == 0)
                return;
            await store.ConcludeAsync(unsaved);
            foreach (var webhook in unsaved.Select(t => t.Due.Webhook))
            {
                if (--busy[webhook] == 0)
                    busy.Remove(webhook);
            }

            unsaved.Clear();
        } while (!ended.IsEmpty);
    }

    private async Task EndAsync()
    {
        while (Volatile.Read(ref running) > 0)
            await wake.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        try
        {
            await ConcludeAsync();
        }
        catch (Exception e)
        {
            if (!outage.Note(e))
                Log.RoundFailed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Deliveries to webhooks could not be read or stored; it is tried again")]
        public static partial void RoundFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Webhook {WebhookId} failed at delivery {DeliveryId}")]
        public static partial void Failed(ILogger logger, Guid webhookId, Guid deliveryId, Exception exception);
    }
}
