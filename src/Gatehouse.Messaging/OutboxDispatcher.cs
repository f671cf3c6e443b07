using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>
/// Moves this node's partitions forward: reads what is stable, lets the transport send it, and only then moves the position. Partitions go
/// side by side, each strictly in order; a partition that fails stops where it is and is tried again.
/// </summary>
internal sealed partial class OutboxDispatcher(
    DataSources sources,
    PartitionLeases leases,
    IEventTransport transport,
    Node node,
    WorkSignal wake,
    ReadinessGate ready,
    MessagingMetrics metrics,
    MessagingOptions options,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<OutboxDispatcher> logger
) : BackgroundService
{
    private const int PerPartition = 200;

    // A transaction that began earlier is still open: its events come first. It usually ends within milliseconds; an import may hold on.
    private static readonly TimeSpan FirstLookForStable = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxLookForStable = TimeSpan.FromMilliseconds(200);

    private TimeSpan Poll => TimeSpan.FromMilliseconds(options.PollMilliseconds);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!ready.IsStarted)
            return;
        try
        {
            await leases.ReleaseAsync(cancellationToken);
        }
        catch (Exception e)
        {
            if (!outage.Note(e))
                Log.PartitionsNotReleased(logger, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        var leasing = LeaseAsync(stoppingToken);
        var failures = 0;
        var untilStable = FirstLookForStable;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ready.WaitAsync(stoppingToken);
                var round = await RoundAsync(stoppingToken);
                failures = 0;
                if (round == Round.Idle)
                    await wake.Events.WaitAsync(Poll, stoppingToken);
                if (round == Round.Unsettled)
                    await Task.Delay(untilStable, clock, stoppingToken);
                untilStable = round == Round.Unsettled && untilStable < MaxLookForStable ? untilStable * 2 : FirstLookForStable;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                if (!outage.Note(e))
                    Log.RoundFailed(logger, e);
                var wait = BackOff.After(++failures);
                await Task.Delay(wait < Poll ? wait : Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await leasing;
    }

    private async Task LeaseAsync(CancellationToken stoppingToken)
    {
        var first = true;
        var third = TimeSpan.FromSeconds(options.LeaseSeconds / 3.0);
        var betweenLeases = third < Outages.SignOfLife ? third : Outages.SignOfLife;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!ready.IsReady)
                    await WaitWithoutPartitionsAsync(stoppingToken);
                metrics.PartitionsHeld(await leases.LeaseAsync(stoppingToken));
                wake.Events.Set();
                // From its first lease on the others know this node, and it may have jobs.
                if (first)
                    wake.Jobs.Set();
                first = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!outage.Note(e))
                    Log.LeaseFailed(logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await wake.Partitions.WaitAsync(betweenLeases, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A node that may not work leaves its partitions to those that may.</summary>
    private async Task WaitWithoutPartitionsAsync(CancellationToken stoppingToken)
    {
        await leases.ReleaseAsync(stoppingToken);
        metrics.PartitionsHeld(0);
        await ready.WaitAsync(stoppingToken);
    }

    private async Task<Round> RoundAsync(CancellationToken stoppingToken)
    {
        var next = await sources.Main.QueryAsync(db => EventLog.NextAsync(db, node.Id, PerPartition), stoppingToken);
        if (next.Count == 0)
            return Round.Idle;

        var acknowledged = new List<(short, LogPosition)>();
        Exception? failure = null;
        await Parallel.ForEachAsync(
            next.GroupBy(e => e.Partition),
            new ParallelOptions { MaxDegreeOfParallelism = transport.PartitionsAtOnce, CancellationToken = stoppingToken },
            async (partition, cancellationToken) =>
            {
                var stable = partition.TakeWhile(e => e.Stable).ToList();
                if (stable.Count == 0)
                    return;
                try
                {
                    using var span = Spans.Start("log.carry");
                    await transport.SendAsync(stable.ConvertAll(e => e.Envelope), cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    lock (acknowledged)
                        failure = e;
                    return;
                }

                metrics.Sent(stable.Count, clock.GetUtcNow() - stable[^1].Time);
                lock (acknowledged)
                    acknowledged.Add((partition.Key, stable[^1].Position));
            }
        );

        if (acknowledged.Count > 0)
        {
            using var span = Spans.Start("log.acknowledge");
            await leases.AcknowledgeAsync(acknowledged, stoppingToken);
        }

        if (failure is not null)
            throw new EventTransportException("Events could not be handed over.", failure);
        return acknowledged.Count > 0 ? Round.Progressed : Round.Unsettled;
    }

    private enum Round
    {
        Idle,
        Unsettled,
        Progressed,
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reading the event log failed; it is retried")]
        public static partial void RoundFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The partitions of this node could not be leased; another node may take them")]
        public static partial void LeaseFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The partitions of this node were not given back; another node takes them when the lease ends")]
        public static partial void PartitionsNotReleased(ILogger logger, Exception exception);
    }
}

internal sealed class EventTransportException(string message, Exception inner) : Exception(message, inner);
