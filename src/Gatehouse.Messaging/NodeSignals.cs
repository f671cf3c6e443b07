using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;

namespace Gatehouse.Messaging;

/// <summary>
/// Tells the other nodes that events were written or operations changed, and hears it from them: by Redis where there is one, otherwise,
/// or while it is away, by NOTIFY. It is sent outside the transactions and at most once a pause, because a NOTIFY inside each serialises
/// every commit behind one lock and halves their rate. All nodes listen to both; PostgreSQL's on a connection outside the pool. Losing
/// one costs only the poll's delay.
/// </summary>
internal sealed partial class NodeSignals(
    DataSources sources,
    RedisConnection redis,
    WorkSignal wake,
    ReadinessGate ready,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<NodeSignals> logger
) : BackgroundService
{
    internal const string PartitionsChannel = "gatehouse_lanes";
    private const string EventsChannel = "gatehouse_events";
    private const string OperationsChannel = "gatehouse_operations";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(5);

    private RedisChannel Events => RedisChannel.Literal(redis.Name("events"));

    private RedisChannel Operations => RedisChannel.Literal(redis.Name("operations"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        await Task.WhenAll(
            RepeatAsync(ListenAsync, stoppingToken),
            RepeatAsync(stopping => NotifyAsync(wake.Notify, EventsChannel, Events, stopping), stoppingToken),
            RepeatAsync(stopping => NotifyAsync(wake.NotifyOperations, OperationsChannel, Operations, stopping), stoppingToken),
            redis.IsConfigured ? RepeatAsync(SubscribeAsync, stoppingToken) : Task.CompletedTask
        );
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> run, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (e is not DependencyAwayException && !outage.Note(e))
                    Log.SignalsInterrupted(logger, e);
                await Task.Delay(Reconnect, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await sources.OpenListenerAsync(stoppingToken);
        connection.Notification += (_, e) => SignalOf(e.Channel).Set();
        await using (
            var listen = new NpgsqlCommand($"listen {EventsChannel}; listen {PartitionsChannel}; listen {OperationsChannel}", connection)
        )
            await listen.ExecuteNonQueryAsync(stoppingToken);
        wake.Partitions.Set();
        wake.Events.Set();
        wake.Operations.Set();
        while (true)
            await connection.WaitAsync(stoppingToken);
    }

    private Signal SignalOf(string channel) =>
        channel switch
        {
            PartitionsChannel => wake.Partitions,
            OperationsChannel => wake.Operations,
            _ => wake.Events,
        };

    // Once subscribed, the client subscribes again after every loss by itself.
    private async Task SubscribeAsync(CancellationToken stoppingToken)
    {
        await redis.RunAsync(
            "subscribe",
            async connection =>
            {
                await connection.GetSubscriber().SubscribeAsync(Events, (_, _) => wake.Events.Set());
                await connection.GetSubscriber().SubscribeAsync(Operations, (_, _) => wake.Operations.Set());
                return true;
            }
        );
        wake.Events.Set();
        wake.Operations.Set();
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, stoppingToken);
    }

    private async Task NotifyAsync(Signal due, string channel, RedisChannel redisChannel, CancellationToken stoppingToken)
    {
        while (true)
        {
            await due.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            if (!await PublishAsync(redisChannel))
                await sources.Main.QueryAsync(db => db.ExecuteAsync($"notify {channel}"), stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<bool> PublishAsync(RedisChannel channel)
    {
        try
        {
            return redis.IsConfigured
                && await redis.RunAsync("publish", connection => connection.GetSubscriber().PublishAsync(channel, RedisValue.EmptyString))
                    > 0;
        }
        catch (DependencyAwayException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "Signals between nodes are interrupted; work of other nodes is found by polling until they return"
        )]
        public static partial void SignalsInterrupted(ILogger logger, Exception exception);
    }
}
