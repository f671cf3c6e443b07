using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Gatehouse.Contracts.Events;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>
/// Sends events to their topics, and returns when the brokers have acknowledged all of them. Brokers that are away are waited for. A
/// producer that can no longer keep the order is replaced; what it had comes again.
/// </summary>
internal sealed class KafkaTransport(KafkaOptions options, KafkaTopics topics, KafkaStatus status) : IEventTransport, IAsyncDisposable
{
    private readonly Lock door = new();
    private IProducer<string, byte[]>? current;

    // The client sends what it is given together; waiting costs nothing.
    public int PartitionsAtOnce => Partition.Count;

    [SuppressMessage(
        "Performance",
        "CA1849",
        Justification = "Hands over to the client's own threads; what is awaited is the report of each."
    )]
    public async Task SendAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        await topics.WaitAsync(cancellationToken);
        var producer = Current();
        var sent = new Acknowledgements(events.Count);
        try
        {
            foreach (var envelope in events)
                producer.Produce(envelope.Topic, KafkaRecord.Of(envelope), sent.Note);
            await sent.All.WaitAsync(cancellationToken);
            status.Worked();
        }
        catch (KafkaException e)
        {
            status.Failed(e.Error.Reason);
            await ReplaceAsync(producer);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (current is { } producer)
            await ReplaceAsync(producer);
    }

    private IProducer<string, byte[]> Current()
    {
        lock (door)
        {
            return current ??= new ProducerBuilder<string, byte[]>(options.Producer())
                .SetErrorHandler((_, error) => status.Note(error))
                .SetLogHandler((_, message) => status.Write(message))
                .Build();
        }
    }

    // What another partition still waits for of the old producer fails with it, and is sent again likewise.
    private Task ReplaceAsync(IProducer<string, byte[]> producer)
    {
        lock (door)
        {
            if (current != producer)
                return Task.CompletedTask;
            current = null;
        }

        return Task.Run(producer.Dispose);
    }

    /// <summary>Counts what the brokers have taken; the first failure is that of all.</summary>
    private sealed class Acknowledgements(int expected)
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = expected;

        public Task All => all.Task;

        public void Note(DeliveryReport<string, byte[]> report)
        {
            if (report.Error.IsError)
                all.TrySetException(new KafkaException(report.Error));
            else if (Interlocked.Decrement(ref left) == 0)
                all.TrySetResult();
        }
    }
}
