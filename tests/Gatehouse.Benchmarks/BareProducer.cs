using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using Gatehouse.Development.Kafka;

namespace Gatehouse.Benchmarks;

/// <summary>Records a second that a broker takes from a producer which does nothing else: as large as events, and as many at once as the
/// server sends before it waits for all of them.</summary>
internal static class BareProducer
{
    private const int AtOnce = 3200;
    private const int HeaderCount = 8;

    public static async Task<double> RateAsync(TimeSpan duration)
    {
        using var broker = new DevelopmentBroker();
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = broker.Servers,
                EnableIdempotence = true,
                LingerMs = 1,
                DeliveryReportFields = "none",
            }
        ).Build();
        await RoundAsync(producer);
        var begun = TimeProvider.System.GetTimestamp();
        var rounds = 0;
        for (; TimeProvider.System.GetElapsedTime(begun) < duration; rounds++)
            await RoundAsync(producer);
        return rounds * AtOnce / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    [SuppressMessage("Performance", "CA1849", Justification = "As the server does it: what is awaited is the report of each.")]
    private static async Task RoundAsync(IProducer<string, byte[]> producer)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = AtOnce;
        for (var record = 0; record < AtOnce; record++)
        {
            var key = Guid.NewGuid().ToString();
            var headers = new Headers();
            for (var header = 0; header < HeaderCount; header++)
                headers.Add("ce_attribute", Encoding.UTF8.GetBytes(key));
            var message = new Message<string, byte[]>
            {
                Key = key,
                Value = new byte[450],
                Headers = headers,
            };
            producer.Produce("gatehouse.notifications", message, Note);
        }

        await all.Task;

        void Note(DeliveryReport<string, byte[]> report)
        {
            if (report.Error.IsError)
                all.TrySetException(new KafkaException(report.Error));
            else if (Interlocked.Decrement(ref left) == 0)
                all.TrySetResult();
        }
    }
}
