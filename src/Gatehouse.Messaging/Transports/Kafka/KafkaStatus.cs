using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Gatehouse.Core.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>What this node knows of the brokers: an outage is logged when it begins and when it ends, and shown as long as it
/// lasts.</summary>
internal sealed partial class KafkaStatus : IHealthDetail, IDisposable
{
    private readonly ConcurrentDictionary<(string Module, TopicPartition Partition), long> lags = new();
    private readonly ILogger<KafkaStatus> logger;
    private readonly Meter meter;
    private readonly Counter<long> rejected;
    private volatile string? trouble;
    private volatile string? topics = "Its topics have not been looked for yet.";

    public KafkaStatus(IMeterFactory factory, ILogger<KafkaStatus> logger)
    {
        this.logger = logger;
        meter = factory.Create(MessagingMetrics.MeterName);
        rejected = meter.CreateCounter<long>("gatehouse.records.rejected", "{record}", "Records on the topics that are no event of ours.");
        meter.CreateObservableGauge(
            "gatehouse.kafka.lag",
            () =>
                lags.GroupBy(lag => (lag.Key.Module, lag.Key.Partition.Topic))
                    .Select(lag => new Measurement<long>(
                        lag.Sum(partition => partition.Value),
                        new KeyValuePair<string, object?>("module", lag.Key.Module),
                        new KeyValuePair<string, object?>("topic", lag.Key.Topic)
                    )),
            "{record}",
            "Records on this node's partitions that its modules have not taken yet."
        );
    }

    public DependencyHealth Look() =>
        new(
            "kafka",
            trouble is null && topics is null,
            0,
            trouble ?? topics,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["lag"] = lags.Values.Sum() }
        );

    public void Lag(string module, TopicPartition partition, long records) => lags[(module, partition)] = records;

    public void NoLag(string module, IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            lags.TryRemove((module, partition), out _);
    }

    public void Rejected(string topic) => rejected.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public void Topics(string? missing) => topics = missing;

    /// <summary>An error that a client reports beside its calls. One broker of several may be away.</summary>
    public void Note(Error error)
    {
        if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl || error.IsFatal)
            Failed(error.Reason);
    }

    public void Failed(string reason)
    {
        if (trouble is null)
            Log.Away(logger, reason);
        trouble = reason;
    }

    public void Worked()
    {
        if (trouble is null)
            return;
        trouble = null;
        Log.Back(logger);
    }

    /// <summary>A client's own lines, of which a broker that is away makes hundreds.</summary>
    public void Write(LogMessage message) => Log.Client(logger, message.Level, message.Name, message.Message);

    public void Dispose() => meter.Dispose();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Kafka cannot be used; events wait in the log until it can: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Kafka can be used again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(3, LogLevel.Debug, "{Level} {Client}: {Text}")]
        public static partial void Client(ILogger logger, SyslogLevel level, string client, string text);
    }
}
