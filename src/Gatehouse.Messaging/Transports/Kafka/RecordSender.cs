using System.Text;
using Confluent.Kafka;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>
/// Sends records of a module's own that are no events, each within its time, and says what became of it. A record whose time ran out may
/// still arrive: who reads it knows it by an id.
/// </summary>
internal sealed class RecordSender(KafkaOptions options, KafkaTopics topics, KafkaStatus status) : IDisposable
{
    private readonly Lock door = new();
    private IProducer<string, byte[]>? current;
    private volatile string? found;

    public async Task<RecordResult> SendAsync(OutgoingRecord record, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Asking a broker for a topic may create it, with other properties than ours.
        if (
            found != record.Topic
            && await CheckAsync(record.Topic, limit, cancellationToken) is { Outcome: not RecordOutcome.Acknowledged } no
        )
            return no;
        var headers = new Headers();
        foreach (var (name, value) in record.Headers)
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        try
        {
            var message = new Message<string, byte[]>
            {
                Key = record.Key,
                Value = record.Value,
                Headers = headers,
            };
            await Current(limit).ProduceAsync(record.Topic, message, cancellationToken);
            status.Worked();
            return new RecordResult(RecordOutcome.Acknowledged);
        }
        catch (KafkaException e)
        {
            found = null;
            return Evaluate(e.Error.Code);
        }
    }

    /// <summary>Whether the brokers answer and have the topic. Changes nothing.</summary>
    public async Task<RecordResult> CheckAsync(string topic, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            if (!await topics.HasAsync(topic, limit, cancellationToken))
                return new RecordResult(RecordOutcome.Away, $"kafka: the topic {topic} does not exist");
            found = topic;
            return new RecordResult(RecordOutcome.Acknowledged);
        }
        catch (KafkaException e)
        {
            return Evaluate(e.Error.Code);
        }
    }

    public void Dispose() => current?.Dispose();

    private static RecordResult Evaluate(ErrorCode code) =>
        new(
            code switch
            {
                ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord => RecordOutcome.Rejected,
                ErrorCode.TopicAuthorizationFailed
                or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.SaslAuthenticationFailed
                or ErrorCode.UnknownTopicOrPart
                or ErrorCode.Local_UnknownTopic
                or ErrorCode.Local_Authentication
                or ErrorCode.Local_Ssl => RecordOutcome.NotAllowed,
                _ => RecordOutcome.Away,
            },
            $"kafka {code}"
        );

    // The first to send sets the limit; there is one module that does.
    private IProducer<string, byte[]> Current(TimeSpan limit)
    {
        lock (door)
        {
            return current ??= new ProducerBuilder<string, byte[]>(options.RecordProducer(limit))
                .SetErrorHandler((_, error) => status.Note(error))
                .SetLogHandler((_, message) => status.Write(message))
                .Build();
        }
    }
}

internal sealed record OutgoingRecord
{
    public required string Topic { get; init; }

    public required string Key { get; init; }

    public required byte[] Value { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public override string ToString() => Topic;
}

internal enum RecordOutcome
{
    Acknowledged,

    /// <summary>May be taken later.</summary>
    Away,

    /// <summary>Not this one.</summary>
    Rejected,

    /// <summary>Only an operator can mend it.</summary>
    NotAllowed,
}

/// <param name="Reason">What the client calls the error; nothing of the record.</param>
internal readonly record struct RecordResult(RecordOutcome Outcome, string Reason = "");

/// <summary>A topic of a module's own beside those of the events, which is created like them.</summary>
internal sealed record OwnTopic(string Name, int RetentionHours);
