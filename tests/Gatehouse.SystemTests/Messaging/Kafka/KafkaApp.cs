using System.Text;
using Confluent.Kafka;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging.Kafka;

/// <summary>A broker, and nodes that deliver over it.</summary>
public sealed class KafkaApp : IAsyncLifetime
{
    internal DevelopmentBroker Broker { get; } = new();

    internal Probe Probe { get; } = new();

    public TestApp App { get; private set; } = null!;

    internal Dictionary<string, string?> Settings =>
        new(StringComparer.Ordinal)
        {
            ["Kafka:Servers"] = Broker.Servers,
            // The development broker lets a member of the classic protocol wait for most of a minute.
            ["Kafka:GroupProtocol"] = "consumer",
        };

    public async ValueTask InitializeAsync()
    {
        // A member that leaves while it is given its share is missed only when its session ends: that is the client's matter.
        Broker.ForgetMembersAfter(TimeSpan.FromSeconds(3));
        App = await Probe.StartAsync(settings: Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Broker.Dispose();
    }

    /// <summary>A record as anybody could write it.</summary>
    public async Task<TopicPartitionOffset> ProduceAsync(
        string topic,
        string? key,
        byte[]? value,
        params (string Name, string Value)[] headers
    )
    {
        using var producer = new ProducerBuilder<string?, byte[]?>(
            new ProducerConfig
            {
                BootstrapServers = Broker.Servers,
                Partitioner = Partitioner.Murmur2Random,
                MessageMaxBytes = 2_000_000,
            }
        ).Build();
        var all = new Headers();
        foreach (var header in headers)
            all.Add(header.Name, Encoding.UTF8.GetBytes(header.Value));
        var report = await producer.ProduceAsync(
            topic,
            new Message<string?, byte[]?>
            {
                Key = key,
                Value = value,
                Headers = all,
            }
        );
        return report.TopicPartitionOffset;
    }

    /// <summary>All records of a topic that the condition holds for, once there are that many.</summary>
    public Task<IReadOnlyList<ConsumeResult<string, string>>> ReadAsync(
        string topic,
        Func<ConsumeResult<string, string>, bool> condition,
        int count
    ) => ReadAsync(Broker, topic, condition, count);

    internal static async Task<IReadOnlyList<ConsumeResult<string, string>>> ReadAsync(
        DevelopmentBroker broker,
        string topic,
        Func<ConsumeResult<string, string>, bool> condition,
        int count
    )
    {
        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig
            {
                BootstrapServers = broker.Servers,
                GroupId = "reader",
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoCommit = false,
            }
        ).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TestApp.Patience).Topics[0].Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var found = new List<ConsumeResult<string, string>>();
        await TestApp.EventuallyAsync(
            async () =>
            {
                if (await Task.Run(() => consumer.Consume(TimeSpan.FromMilliseconds(200))) is { } record && condition(record))
                    found.Add(record);
                return found.Count >= count;
            },
            $"{count} records on {topic}"
        );
        return found;
    }
}
