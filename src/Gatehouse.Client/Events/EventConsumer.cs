using Gatehouse.Contracts.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Client;

/// <summary>Gives events to their handlers, each once.</summary>
internal sealed partial class EventConsumer(
    GatehouseEventsBuilder options,
    IEventStore store,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<EventConsumer> logger
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task? preparation;

    public GatehouseEventsBuilder Options { get; } = options;

    public IEventStore Store { get; } = store;

    /// <summary>Once the store is ready; however long that takes.</summary>
    public Task PrepareAsync(CancellationToken stoppingToken)
    {
        lock (gate)
            return preparation ??= PersistAsync(() => Store.PrepareAsync(stoppingToken), stoppingToken);
    }

    /// <summary>Once the event was handled or kept to be tried again; however long the store is away. Events without a handler are passed
    /// over.</summary>
    public Task ReceiveAsync(EventEnvelope envelope, CancellationToken stoppingToken) =>
        Options.Handlers.ContainsKey(envelope.Type)
            ? PersistAsync(
                async () =>
                {
                    if (await Store.HandleOnceAsync(envelope, Handle(stoppingToken), stoppingToken) is { } failure)
                        Log.Failed(logger, envelope.Type, envelope.Id, failure);
                },
                stoppingToken
            )
            : Task.CompletedTask;

    /// <returns>Whether there was one.</returns>
    public async Task<bool> RetryAsync(CancellationToken stoppingToken)
    {
        if (await Store.RetryAsync(Handle(stoppingToken), stoppingToken) is not { } retried)
            return false;
        if (retried.Failure is { } failure)
            Log.Failed(logger, retried.Envelope.Type, retried.Envelope.Id, failure);
        return true;
    }

    /// <summary>Tries until it succeeds.</summary>
    public async Task PersistAsync(Func<Task> work, CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotStored(logger, e);
                await Task.Delay(BackOff.After(attempt, FirstPause, MaxPause), clock, stoppingToken);
            }
        }
    }

    private HandleEvent Handle(CancellationToken stoppingToken) =>
        async (envelope, transaction) =>
        {
            // One that was kept for later may have lost its handler since.
            if (!Options.Handlers.TryGetValue(envelope.Type, out var handlers))
                return;
            await using var scope = scopes.CreateAsyncScope();
            await handlers.HandleAsync(envelope, transaction, scope.ServiceProvider, stoppingToken);
        };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The handler of {Type} failed for the event {Id}; it is tried again")]
        public static partial void Failed(ILogger logger, string type, Guid id, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "What was done with events cannot be stored; it is tried again")]
        public static partial void NotStored(ILogger logger, Exception exception);
    }
}

/// <summary>Tries events again whose handlers failed, and forgets what was handled long ago.</summary>
internal sealed class EventRetries(EventConsumer consumer, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await consumer.PrepareAsync(stoppingToken);
            var cleanedAt = clock.GetTimestamp();
            while (true)
            {
                await consumer.PersistAsync(
                    async () =>
                    {
                        while (await consumer.RetryAsync(stoppingToken))
                        {
                            stoppingToken.ThrowIfCancellationRequested();
                        }

                        if (clock.GetElapsedTime(cleanedAt) < CleanEvery)
                            return;
                        await consumer.Store.CleanAsync(stoppingToken);
                        cleanedAt = clock.GetTimestamp();
                    },
                    stoppingToken
                );
                await Task.Delay(Period, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program is stopping.
        }
    }
}
