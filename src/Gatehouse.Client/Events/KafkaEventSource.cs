using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Gatehouse.Contracts.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Client;

/// <summary>Reads events from the topics of Gatehouse; an offset counts only once its event was handled or kept.</summary>
internal sealed partial class KafkaEventSource(EventConsumer consumer, TimeProvider clock, ILogger<KafkaEventSource> logger)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await consumer.PrepareAsync(stoppingToken);
            for (var failures = 0; ; )
            {
                try
                {
                    await ConsumeAsync(() => failures = 0, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.Interrupted(logger, e);
                }

                await Task.Delay(BackOff.After(++failures, FirstPause, MaxPause), clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program is stopping.
        }
    }

    private async Task ConsumeAsync(Action received, CancellationToken stoppingToken)
    {
        using var source = new ConsumerBuilder<byte[], byte[]>(Settings())
            // The client goes on by itself; its own log goes past ours, so what it says there is said here.
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => Log.Trouble(logger, error.Reason))
            .Build();
        try
        {
            source.Subscribe(consumer.Options.Handlers.Values.Select(h => h.Topic).Distinct(StringComparer.Ordinal));
            while (true)
            {
                stoppingToken.ThrowIfCancellationRequested();
                if ((source.Consume(TimeSpan.Zero) ?? await WaitAsync(source, stoppingToken)) is not { IsPartitionEOF: false } record)
                    continue;
                received();
                if (Read(record) is { } envelope)
                    await consumer.ReceiveAsync(envelope, stoppingToken);
                source.StoreOffset(record);
            }
        }
        finally
        {
            // Commits what is stored and leaves the group.
            await Task.Run(source.Close, CancellationToken.None);
        }
    }

    // On a thread of its own: those of the pool are as few as the processors.
    private static Task<ConsumeResult<byte[], byte[]>?> WaitAsync(IConsumer<byte[], byte[]> source, CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => source.Consume(Poll), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)!;

    private ConsumerConfig Settings() =>
        new(consumer.Options.Kafka!.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal))
        {
            GroupId = consumer.Options.Consumer,
            AutoOffsetReset = consumer.Options.StartAtNewest ? AutoOffsetReset.Latest : AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
        };

    private EventEnvelope? Read(ConsumeResult<byte[], byte[]> record)
    {
        try
        {
            var type = Header("ce_type");
            if (!consumer.Options.Handlers.TryGetValue(type, out var handlers) || handlers.Topic != record.Topic)
                return null;
            return new EventEnvelope
            {
                Id = Guid.ParseExact(Header("ce_id"), "D"),
                Type = type,
                Topic = record.Topic,
                TenantId = Guid.ParseExact(Header("ce_tenantid"), "D"),
                Key = Guid.ParseExact(Header("ce_subject"), "D"),
                SubjectVersion = Optional("ce_subjectversion") is { } version ? long.Parse(version, CultureInfo.InvariantCulture) : null,
                Time = DateTimeOffset.Parse(Header("ce_time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                TraceParent = Optional("ce_traceparent"),
                Data = Encoding.UTF8.GetString(record.Message.Value ?? throw new FormatException("The value is empty.")),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            Log.Rejected(logger, record.Topic, record.Partition.Value, record.Offset.Value, e.Message);
            return null;
        }

        string Header(string name) => Optional(name) ?? throw new FormatException($"The header {name} is missing.");

        string? Optional(string name) =>
            record.Message.Headers is { } headers && headers.TryGetLastBytes(name, out var bytes) && bytes is not null
                ? Encoding.UTF8.GetString(bytes)
                : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reading events of Gatehouse from Kafka was interrupted; it begins again")]
        public static partial void Interrupted(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The record at offset {Offset} of {Topic}, partition {Partition}, is no event: {Reason}")]
        public static partial void Rejected(ILogger logger, string topic, int partition, long offset, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Reading events of Gatehouse from Kafka is disturbed: {Reason}")]
        public static partial void Trouble(ILogger logger, string reason);
    }
}
