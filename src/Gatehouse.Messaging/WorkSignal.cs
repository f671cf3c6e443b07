using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Messaging;

/// <summary>
/// Tells the pumps that there is work: in this process at once, other nodes by NOTIFY. The NOTIFY is sent outside the transactions and at
/// most once a pause, because inside each it serialises every commit behind one lock and halves their rate.
/// </summary>
public sealed class WorkSignal : IDisposable
{
    internal Signal Events { get; } = new();

    internal Signal Deferred { get; } = new();

    internal Signal Jobs { get; } = new();

    internal Signal Notify { get; } = new();

    /// <summary>Another node came, went, or gave partitions back.</summary>
    internal Signal Partitions { get; } = new();

    public void EventsWritten()
    {
        Events.Set();
        Notify.Set();
    }

    public void JobsWritten() => Jobs.Set();

    public void Dispose()
    {
        Events.Dispose();
        Deferred.Dispose();
        Jobs.Dispose();
        Notify.Dispose();
        Partitions.Dispose();
    }
}

/// <summary>Set once, wakes one waiter once; sets in between collapse.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            if (semaphore.CurrentCount == 0)
                semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else set it in the same moment.
        }
    }

    /// <summary>Waits for the signal, or until <paramref name="longest"/> has passed.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        await semaphore.WaitAsync(longest, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}

/// <summary>Sends this node's NOTIFY and listens to the others', on a connection outside the pool. Losing it costs only the poll's
/// delay.</summary>
internal sealed partial class NodeSignals(
    DataSources sources,
    WorkSignal wake,
    ReadinessGate ready,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<NodeSignals> logger
) : BackgroundService
{
    internal const string PartitionsChannel = "gatehouse_lanes";
    private const string EventsChannel = "gatehouse_events";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        await Task.WhenAll(RepeatAsync(ListenAsync, stoppingToken), RepeatAsync(NotifyAsync, stoppingToken));
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
                if (!outage.Note(e))
                    Log.SignalsInterrupted(logger, e);
                await Task.Delay(Reconnect, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await sources.OpenListenerAsync(stoppingToken);
        connection.Notification += (_, e) => (e.Channel == PartitionsChannel ? wake.Partitions : wake.Events).Set();
        await using (var listen = new NpgsqlCommand($"listen {EventsChannel}; listen {PartitionsChannel}", connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);
        wake.Partitions.Set();
        wake.Events.Set();
        while (true)
            await connection.WaitAsync(stoppingToken);
    }

    private async Task NotifyAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await wake.Notify.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
            await sources.Main.QueryAsync(db => db.ExecuteAsync($"notify {EventsChannel}"), stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
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
