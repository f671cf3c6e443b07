using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Gatehouse.Core.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>Sees to it that the topics exist before anything is sent to or read from them; says what to create where it may not.</summary>
internal sealed partial class KafkaTopics(
    KafkaOptions options,
    KafkaStatus status,
    IEnumerable<OwnTopic> own,
    TimeProvider clock,
    ILogger<KafkaTopics> logger
) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, int> hours = own.ToDictionary(t => t.Name, t => t.RetentionHours, StringComparer.Ordinal);
    private readonly TaskCompletionSource present = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for the topics of the events; those of a module's own hold up only what goes there.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => present.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync(stoppingToken) is not { } missing)
                break;
            status.Topics(missing);
            Log.Missing(logger, missing);
            var pause = BackOff.After(attempt);
            await Task.Delay(pause < MaxPause ? pause : MaxPause, clock, stoppingToken);
        }

        status.Topics(null);
        status.Worked();
        present.TrySetResult();
    }

    /// <summary>Whether there is such a topic. Creates none.</summary>
    /// <exception cref="KafkaException">The brokers do not answer.</exception>
    public async Task<bool> HasAsync(string topic, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var admin = Connect();
        return (await FindAsync(admin, limit, cancellationToken)).Contains(topic, StringComparer.Ordinal);
    }

    /// <summary>Looks without changing anything.</summary>
    /// <returns>Why the brokers cannot be used, or what is missing; null when every topic is there.</returns>
    public async Task<string?> ExamineAsync(CancellationToken cancellationToken)
    {
        using var admin = Connect();
        try
        {
            var missing = await FindMissingAsync(admin, cancellationToken);
            return missing.Count == 0 ? null : $"topics are missing: {string.Join(", ", missing)}; the server creates them if it may";
        }
        catch (KafkaException e)
        {
            return e.Error.Reason;
        }
    }

    private IAdminClient Connect() =>
        new AdminClientBuilder(options.Client())
            .SetErrorHandler((_, error) => status.Note(error))
            .SetLogHandler((_, message) => status.Write(message))
            .Build();

    /// <returns>What is missing; null when every topic is there.</returns>
    private async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        using var admin = Connect();
        try
        {
            if (await FindMissingAsync(admin, cancellationToken) is not { Count: > 0 } missing)
                return null;
            var reason = await CreateAsync(admin, missing);
            // A broker may not answer who wants to create topics, and yet create them at first use.
            if (await FindMissingAsync(admin, cancellationToken) is not { Count: > 0 } left)
                return null;
            if (!left.Intersect(EventCatalog.Topics, StringComparer.Ordinal).Any())
                present.TrySetResult();
            var advice = left.GroupBy(Retention, StringComparer.Ordinal)
                .Select(topics =>
                    $"Create {string.Join(", ", topics)} with {options.Partitions} partitions and retention.ms={topics.Key}."
                );
            return $"Topics do not exist and could not be created ({reason}). {string.Join(' ', advice)}";
        }
        catch (KafkaException e)
        {
            status.Failed(e.Error.Reason);
            return $"Its topics could not be looked for: {e.Error.Reason}.";
        }
    }

    private async Task<List<string>> FindMissingAsync(IAdminClient admin, CancellationToken cancellationToken) =>
        [.. EventCatalog.Topics.Concat(hours.Keys).Except(await FindAsync(admin, Limit, cancellationToken), StringComparer.Ordinal)];

    // Asking after all topics creates none.
    private static async Task<IEnumerable<string>> FindAsync(IAdminClient admin, TimeSpan limit, CancellationToken cancellationToken)
    {
        var metadata = await Task.Run(() => admin.GetMetadata(limit), cancellationToken);
        return metadata.Topics.Where(topic => !topic.Error.IsError && topic.Partitions.Count > 0).Select(topic => topic.Topic);
    }

    private async Task<string> CreateAsync(IAdminClient admin, List<string> names)
    {
        var specifications = names.Select(name => new TopicSpecification
        {
            Name = name,
            NumPartitions = options.Partitions,
            ReplicationFactor = (short)(options.Replicas == 0 ? -1 : options.Replicas),
            Configs = new Dictionary<string, string>(StringComparer.Ordinal) { ["retention.ms"] = Retention(name) },
        });
        try
        {
            await admin.CreateTopicsAsync(specifications, new CreateTopicsOptions { RequestTimeout = Limit, OperationTimeout = Limit });
            Log.Created(logger, string.Join(", ", names));
            return "";
        }
        catch (CreateTopicsException e)
        {
            return string.Join("; ", e.Results.Where(r => r.Error.IsError).Select(r => $"{r.Topic}: {r.Error.Reason}"));
        }
        catch (KafkaException e)
        {
            foreach (var name in names)
                await Task.Run(() => admin.GetMetadata(name, Limit));
            return e.Error.Reason;
        }
    }

    private string Retention(string topic) =>
        TimeSpan.FromHours(hours.GetValueOrDefault(topic, options.RetentionHours)).TotalMilliseconds.ToString("F0", null);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Created the topics {Topics}")]
        public static partial void Created(ILogger logger, string topics);

        [LoggerMessage(2, LogLevel.Warning, "Kafka is not ready; what goes there waits: {Missing}")]
        public static partial void Missing(ILogger logger, string missing);
    }
}
