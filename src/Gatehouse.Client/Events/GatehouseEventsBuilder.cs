using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using Gatehouse.Contracts.Events;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gatehouse.Client;

/// <summary>Which events of Gatehouse a service handles, where they come from, and where it is kept that they were.</summary>
public sealed class GatehouseEventsBuilder
{
    private static readonly TimeSpan MaxPoll = TimeSpan.FromMinutes(1);

    internal GatehouseEventsBuilder() { }

    /// <summary>Name of this consumer, which stays the same: its rows are found by it, and it is the group on Kafka. All instances of one
    /// service share it; default <c>gatehouse</c>.</summary>
    public string Consumer { get; set; } = "gatehouse";

    /// <summary>How often new events are asked for over HTTP, up to a minute; default a second.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether an event whose handler fails holds back the later ones of its subject until it is handled; default false: they are handled,
    /// and the failed one is tried again by itself.
    /// </summary>
    public bool KeepOrderOfSubject { get; set; }

    /// <summary>
    /// For how many days it is kept which events were handled, from 1 to 1,000; default 40. It must be longer than Gatehouse keeps events
    /// (<c>Messaging:RetentionDays</c>, or the retention of Kafka's topics): one that comes again after that is handled again.
    /// </summary>
    public int HandledDays { get; set; } = 40;

    /// <summary>Whether a consumer that never ran begins with the next event instead of the oldest one that is kept; default
    /// false.</summary>
    public bool StartAtNewest { get; set; }

    internal Dictionary<string, EventHandlers> Handlers { get; } = new(StringComparer.Ordinal);

    internal Func<IServiceProvider, NpgsqlDataSource>? Database { get; private set; }

    internal bool InMemory { get; private set; }

    internal ConsumerConfig? Kafka { get; private set; }

    internal Func<IServiceProvider, CancellationToken, Task>? CursorExpired { get; private set; }

    /// <summary>
    /// Handles events of a type. Several handlers of one type are one unit. A handler that fails is tried again, with growing pauses and
    /// without end.
    /// </summary>
    public GatehouseEventsBuilder On<TEvent>(Func<ReceivedEvent<TEvent>, CancellationToken, Task> handler)
        where TEvent : class, IEvent
    {
        if (EventJson.Default.GetTypeInfo(typeof(TEvent)) is not JsonTypeInfo<TEvent> form)
            throw new ArgumentException($"{typeof(TEvent).Name} is no event of Gatehouse.", nameof(handler));
        if (!Handlers.TryGetValue(TEvent.Type, out var handlers))
            Handlers.Add(TEvent.Type, handlers = new EventHandlers(TEvent.Topic));
        handlers.Add(
            (envelope, transaction, services, cancellationToken) =>
            {
                var data = JsonSerializer.Deserialize(envelope.Data, form) ?? throw new JsonException("The event is null.");
                return handler(new ReceivedEvent<TEvent>(envelope, data, transaction, services), cancellationToken);
            }
        );
        return this;
    }

    /// <summary>Reads events from Kafka instead of over HTTP. They are those of all tenants.</summary>
    /// <param name="servers">Addresses of brokers, separated by commas.</param>
    /// <param name="configure">What else the connection needs, such as TLS and credentials.</param>
    public GatehouseEventsBuilder UseKafka(string servers, Action<ConsumerConfig>? configure = null)
    {
        Kafka = new ConsumerConfig { BootstrapServers = servers };
        configure?.Invoke(Kafka);
        return this;
    }

    /// <summary>
    /// Keeps in the service's PostgreSQL what was handled, in the schema <c>gatehouse_events</c>, which is created if it is missing. Each
    /// event is handled once: in one transaction with its mark.
    /// </summary>
    public GatehouseEventsBuilder StoreInPostgres(Func<IServiceProvider, NpgsqlDataSource> database)
    {
        Database = database;
        return this;
    }

    /// <inheritdoc cref="StoreInPostgres(Func{IServiceProvider, NpgsqlDataSource})"/>
    public GatehouseEventsBuilder StoreInPostgres(NpgsqlDataSource database) => StoreInPostgres(_ => database);

    /// <summary>Keeps it in memory, for tests: a program that starts again handles all events again.</summary>
    public GatehouseEventsBuilder StoreInMemory()
    {
        InMemory = true;
        return this;
    }

    /// <summary>
    /// Called when the service was stopped for longer than Gatehouse keeps events, so that some may be missing: bring what you copied up to
    /// date here. The consumer then goes on with the events that came since this was called. Without it, the consumer stands still and says
    /// so in the log.
    /// </summary>
    public GatehouseEventsBuilder OnCursorExpired(Func<IServiceProvider, CancellationToken, Task> recover)
    {
        CursorExpired = recover;
        return this;
    }

    internal void Check()
    {
        if (Handlers.Count == 0)
            throw new InvalidOperationException("AddEvents: no event is handled; call On.");
        if (InMemory == Database is not null)
            throw new InvalidOperationException("AddEvents: call either StoreInPostgres or StoreInMemory.");
        if (Consumer.Length is 0 or > 100)
            throw new InvalidOperationException("AddEvents: Consumer must have 1 to 100 characters.");
        if (HandledDays is < 1 or > 1000)
            throw new InvalidOperationException("AddEvents: HandledDays must be from 1 to 1,000.");
        if (PollInterval <= TimeSpan.Zero || PollInterval > MaxPoll)
            throw new InvalidOperationException("AddEvents: PollInterval must be above zero, and a minute at most.");
    }
}

/// <summary>What is done with events of one type.</summary>
internal sealed class EventHandlers(string topic)
{
    private readonly List<Func<EventEnvelope, NpgsqlTransaction?, IServiceProvider, CancellationToken, Task>> handlers = [];

    public string Topic { get; } = topic;

    public void Add(Func<EventEnvelope, NpgsqlTransaction?, IServiceProvider, CancellationToken, Task> handler) => handlers.Add(handler);

    public async Task HandleAsync(
        EventEnvelope envelope,
        NpgsqlTransaction? transaction,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        foreach (var handler in handlers)
            await handler(envelope, transaction, services, cancellationToken);
    }
}

/// <summary>Adds the events to the library.</summary>
public static class GatehouseEventsExtensions
{
    /// <summary>Handles events of Gatehouse, each once. Over HTTP, the service account needs the permission <c>events:read</c>.</summary>
    public static GatehouseClientBuilder AddEvents(this GatehouseClientBuilder builder, Action<GatehouseEventsBuilder> configure)
    {
        var events = new GatehouseEventsBuilder();
        configure(events);
        events.Check();
        builder.Services.AddSingleton(events).AddSingleton<EventConsumer>();
        if (events.Database is { } database)
            builder.Services.AddSingleton<IEventStore>(provider => new PostgresEventStore(database(provider), events));
        else
            builder.Services.AddSingleton<IEventStore, MemoryEventStore>();
        builder.Services.AddHostedService<EventRetries>();
        if (events.Kafka is not null)
            builder.Services.AddHostedService<KafkaEventSource>();
        else
            builder.Services.AddHostedService<HttpEventSource>();
        return builder;
    }
}
