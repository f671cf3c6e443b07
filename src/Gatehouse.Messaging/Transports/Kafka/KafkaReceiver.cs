using Confluent.Kafka;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>
/// Takes records for the modules of this process, one consumer group each, and gives their events to the receiver; an offset counts only
/// behind the receiver's row. What is no event of ours is kept with the reason and passed over. While the database is away nothing is
/// taken.
/// </summary>
internal sealed partial class KafkaReceiver(
    KafkaOptions options,
    KafkaTopics topics,
    KafkaStatus status,
    EventReceiver receiver,
    IEnumerable<Subscription> subscriptions,
    Database database,
    DatabaseOutage outage,
    ReadinessGate ready,
    TimeProvider clock,
    ILogger<KafkaReceiver> logger
) : BackgroundService
{
    private const int PerBatch = 500;
    private const int PartitionsAtOnce = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(ready.WaitAsync(stoppingToken), topics.WaitAsync(stoppingToken));
        await Task.WhenAll(
            subscriptions.GroupBy(s => s.Module, StringComparer.Ordinal).Select(m => RunAsync(m.Key, [.. m], stoppingToken))
        );
    }

    private async Task RunAsync(string module, IReadOnlyList<Subscription> own, CancellationToken stoppingToken)
    {
        string[] names = [.. own.Select(s => s.Topic).Distinct(StringComparer.Ordinal)];
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await ConsumeAsync(module, names, stoppingToken);
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                Log.Interrupted(logger, module, e);
                await Task.Delay(Pause(attempt), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(string module, string[] names, CancellationToken stoppingToken)
    {
        using var consumer = Build(module);
        try
        {
            consumer.Subscribe(names);
            while (true)
            {
                await ready.WaitAsync(stoppingToken);
                var records = await TakeAsync(consumer, stoppingToken);
                await ReceiveAsync(module, records, stoppingToken);
                foreach (var partition in records.GroupBy(record => record.TopicPartition))
                    Advance(consumer, module, partition.Last());
            }
        }
        finally
        {
            // Commits what is stored and leaves the group: otherwise the others would wait for this member for most of a minute.
            await Task.Run(consumer.Close, CancellationToken.None);
        }
    }

    private IConsumer<byte[], byte[]> Build(string module) =>
        new ConsumerBuilder<byte[], byte[]>(options.ConsumerOf(module))
            .SetErrorHandler((_, error) => status.Note(error))
            .SetLogHandler((_, message) => status.Write(message))
            .SetPartitionsRevokedHandler((_, revoked) => status.NoLag(module, revoked.Select(r => r.TopicPartition)))
            .SetPartitionsLostHandler((_, lost) => status.NoLag(module, lost.Select(l => l.TopicPartition)))
            .Build();

    /// <summary>Takes what is there. Where nothing is, a thread of its own waits: those of the pool are as few as the processors, and with
    /// one held for each module requests and transactions would stand still.</summary>
    private async Task<List<ConsumeResult<byte[], byte[]>>> TakeAsync(
        IConsumer<byte[], byte[]> consumer,
        CancellationToken stoppingToken
    ) =>
        Take(consumer, TimeSpan.Zero, stoppingToken) is { Count: > 0 } records
            ? records
            : await Task.Factory.StartNew(
                () => Take(consumer, Poll, stoppingToken),
                stoppingToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );

    /// <summary>Waits for a record and takes what else is there.</summary>
    private List<ConsumeResult<byte[], byte[]>> Take(IConsumer<byte[], byte[]> consumer, TimeSpan first, CancellationToken stoppingToken)
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        try
        {
            for (var wait = first; records.Count < PerBatch && !stoppingToken.IsCancellationRequested; wait = TimeSpan.Zero)
            {
                if (consumer.Consume(wait) is not { } record)
                    break;
                if (!record.IsPartitionEOF)
                    records.Add(record);
            }

            if (records.Count > 0)
                status.Worked();
        }
        catch (ConsumeException e)
        {
            status.Failed(e.Error.Reason);
        }

        return records;
    }

    /// <summary>Partitions side by side, each in order, until all are taken.</summary>
    private Task ReceiveAsync(string module, List<ConsumeResult<byte[], byte[]>> records, CancellationToken stoppingToken) =>
        Parallel.ForEachAsync(
            records.GroupBy(record => record.TopicPartition),
            new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = stoppingToken },
            async (partition, cancellationToken) =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    try
                    {
                        await ReceivePartitionAsync(module, partition, cancellationToken);
                        return;
                    }
                    catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                    {
                        if (!outage.Note(e))
                            Log.NotTaken(logger, module, partition.Key.Topic, e);
                        await Task.Delay(Pause(attempt), clock, cancellationToken);
                        await ready.WaitAsync(cancellationToken);
                    }
                }
            }
        );

    private async Task ReceivePartitionAsync(
        string module,
        IEnumerable<ConsumeResult<byte[], byte[]>> records,
        CancellationToken cancellationToken
    )
    {
        var events = new List<EventEnvelope>();
        var rejected = new List<RejectedRecord>();
        foreach (var record in records)
        {
            var (envelope, reason) = KafkaRecord.Read(record.Topic, record.Message);
            if (envelope is not null)
                events.Add(envelope);
            else
                rejected.Add(new RejectedRecord(record, reason));
        }

        await receiver.ReceiveAsync(events, cancellationToken, module);
        if (rejected.Count == 0)
            return;
        await database.InTransactionAsync("records.reject", tx => RejectedRecords.KeepAsync(tx, module, rejected), cancellationToken);
        foreach (var record in rejected)
        {
            status.Rejected(record.Record.Topic);
            Log.Rejected(logger, record.Record.Topic, record.Record.Partition.Value, record.Record.Offset.Value, record.Reason);
        }
    }

    private static TimeSpan Pause(int attempt) => BackOff.After(attempt) is var pause && pause < MaxPause ? pause : MaxPause;

    private void Advance(IConsumer<byte[], byte[]> consumer, string module, ConsumeResult<byte[], byte[]> last)
    {
        try
        {
            consumer.StoreOffset(last);
            var end = consumer.GetWatermarkOffsets(last.TopicPartition).High;
            status.Lag(module, last.TopicPartition, end.IsSpecial ? 0 : Math.Max(0, end.Value - last.Offset.Value - 1));
        }
        catch (KafkaException)
        {
            // Another member has the partition by now. It takes the records again, and its receiver finds the rows.
            status.NoLag(module, [last.TopicPartition]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "The module {Module} was interrupted in reading its topics; it begins again")]
        public static partial void Interrupted(ILogger logger, string module, Exception exception);

        [LoggerMessage(1, LogLevel.Warning, "The module {Module} could not take records of {Topic}; they are tried again")]
        public static partial void NotTaken(ILogger logger, string module, string topic, Exception exception);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "The record at offset {Offset} of {Topic}, partition {Partition}, is no event of ours: {Reason}"
        )]
        public static partial void Rejected(ILogger logger, string topic, int partition, long offset, string reason);
    }
}
