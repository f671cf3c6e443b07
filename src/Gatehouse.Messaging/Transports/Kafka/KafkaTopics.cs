using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Gatehouse.Core.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>Sees to it that the topics exist before anything is sent to or read from them; says what to create where it may not.</summary>
internal sealed partial class KafkaTopics(KafkaOptions options, KafkaStatus status, TimeProvider clock, ILogger<KafkaTopics> logger)
    : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource present = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
            return $"The topics {string.Join(", ", left)} do not exist and could not be created ({reason}). Create each with "
                + $"{options.Partitions} partitions and retention.ms={RetentionMilliseconds}.";
        }
        catch (KafkaException e)
        {
            status.Failed(e.Error.Reason);
            return $"Its topics could not be looked for: {e.Error.Reason}.";
        }
    }

    // Asking after all topics creates none.
    private static async Task<List<string>> FindMissingAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        var metadata = await Task.Run(() => admin.GetMetadata(Limit), cancellationToken);
        var found = metadata.Topics.Where(topic => !topic.Error.IsError && topic.Partitions.Count > 0).Select(topic => topic.Topic);
        return [.. EventCatalog.Topics.Except(found, StringComparer.Ordinal)];
    }

    private async Task<string> CreateAsync(IAdminClient admin, List<string> names)
    {
        var specifications = names.Select(name => new TopicSpecification
        {
            Name = name,
            NumPartitions = options.Partitions,
            ReplicationFactor = (short)(options.Replicas == 0 ? -1 : options.Replicas),
            Configs = new Dictionary<string, string>(StringComparer.Ordinal) { ["retention.ms"] = RetentionMilliseconds },
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

    private string RetentionMilliseconds => TimeSpan.FromHours(options.RetentionHours).TotalMilliseconds.ToString("F0", null);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Created the topics {Topics}")]
        public static partial void Created(ILogger logger, string topics);

        [LoggerMessage(2, LogLevel.Warning, "Kafka is not ready; events wait in the log: {Missing}")]
        public static partial void Missing(ILogger logger, string missing);
    }
}
