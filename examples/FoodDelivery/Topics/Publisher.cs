using System.Text.Json;
using Confluent.Kafka;
using FoodDelivery.Users;
using Gatehouse.Client;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FoodDelivery.Topics;

/// <summary>
/// Sends what the outbox holds, in order; a row goes once the broker has its record, so a record may come twice and none is lost. Of
/// several instances one sends at a time.
/// </summary>
internal sealed partial class Publisher(
    NpgsqlDataSource database,
    IGatehouseUsers users,
    IOptions<AdapterOptions> options,
    TimeProvider clock,
    ILogger<Publisher> logger
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.KafkaServers.Length == 0)
        {
            Log.NoBroker(logger);
            return;
        }

        using var producer = new ProducerBuilder<string, byte[]>(Settings())
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => Log.Trouble(logger, error.Reason))
            .Build();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Poll;
            try
            {
                if (await SendAsync(producer, stoppingToken) > 0)
                    pause = TimeSpan.Zero;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotSent(logger, e);
                pause = AfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> SendAsync(IProducer<string, byte[]> producer, CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        await using var transaction = await connection.BeginTransactionAsync(stoppingToken);
        var isMine = await transaction
            .Command("select pg_try_advisory_xact_lock(hashtext('food_delivery.outbox'))")
            .ListAsync(row => row.GetBoolean(0), stoppingToken);
        if (!isMine[0])
            return 0;
        var due = await transaction
            .Command(
                """
                select o.id, o.event, o.topic, u.number, u.user_id
                  from food_delivery.outbox o join food_delivery.users u using (number) order by o.id limit 100
                """
            )
            .ListAsync(
                row => new Due(row.GetInt64(0), row.GetString(1))
                {
                    Topic = row.GetString(2),
                    To = new KnownUser(row.GetInt32(3), row.GetGuid(4)),
                },
                stoppingToken
            );
        if (due.Count == 0)
            return 0;

        var sent = new List<Task>();
        foreach (var one in due)
            if (await ValueAsync(one, stoppingToken) is { } value)
                sent.Add(producer.ProduceAsync(one.Topic, new Message<string, byte[]> { Key = one.Event, Value = value }, stoppingToken));
        await Task.WhenAll(sent);
        await transaction
            .Command("delete from food_delivery.outbox where id = any($1)", due.Select(one => one.Id).ToArray())
            .RunAsync(stoppingToken);
        await transaction.CommitAsync(stoppingToken);
        return due.Count;
    }

    /// <summary>ASCII, as the readers expect; null where there is nobody any more to tell about.</summary>
    private async Task<byte[]?> ValueAsync(Due one, CancellationToken stoppingToken)
    {
        if (!FoodEvents.CarriesName(one.Event, one.Topic))
            return JsonSerializer.SerializeToUtf8Bytes(new { id = one.To.Number });
        if (await users.GetAsync(one.To.Id, stoppingToken) is not { } user)
            return null;
        // Exactly these three: the reader builds a strict record of them.
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = one.To.Number,
                full_name = Names.Full(user.GivenName, user.FamilyName) ?? user.Name,
                image_url = options.Value.PictureUrl,
            }
        );
    }

    private ProducerConfig Settings()
    {
        var settings = new ProducerConfig
        {
            BootstrapServers = options.Value.KafkaServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            MessageTimeoutMs = 10_000,
        };
        var withUser = options.Value.KafkaUser.Length > 0;
        settings.SecurityProtocol = (withUser, options.Value.KafkaTls) switch
        {
            (true, true) => SecurityProtocol.SaslSsl,
            (true, false) => SecurityProtocol.SaslPlaintext,
            (false, true) => SecurityProtocol.Ssl,
            _ => SecurityProtocol.Plaintext,
        };
        if (withUser)
        {
            settings.SaslMechanism = SaslMechanism.Plain;
            settings.SaslUsername = options.Value.KafkaUser;
            settings.SaslPassword = options.Value.KafkaPassword;
        }

        return settings;
    }

    private sealed record Due(long Id, string Event)
    {
        public required string Topic { get; init; }

        public required KnownUser To { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "FoodDelivery:KafkaServers is not set: what is to be published is kept")]
        public static partial void NoBroker(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "Records could not be sent; they are tried again")]
        public static partial void NotSent(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The broker is disturbed: {Reason}")]
        public static partial void Trouble(ILogger logger, string reason);
    }
}
