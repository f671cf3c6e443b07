using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Messaging;

/// <summary>What a subscriber says of an event: taken, try again later, or not for me ever. An exception counts as retry.</summary>
public readonly record struct Delivery
{
    private Delivery(DeliveryKind kind, string reason) => (Kind, Reason) = (kind, reason);

    internal DeliveryKind Kind { get; }

    /// <summary>Stored and shown to operators: no personal data.</summary>
    internal string Reason { get; }

    public static Delivery Done { get; } = new(DeliveryKind.Done, "");

    public static Delivery Retry(string reason) => new(DeliveryKind.Retry, reason);

    public static Delivery Drop(string reason) => new(DeliveryKind.Drop, reason);
}

internal enum DeliveryKind
{
    Done,
    Retry,
    Drop,
}

/// <summary>What happens to later events of a key when one of them became a dead letter.</summary>
public enum DeadLetters
{
    /// <summary>They wait until it is dealt with: for subscribers whose state depends on every event.</summary>
    SuccessorsWait,

    /// <summary>They go on: for subscribers to whom each event stands alone.</summary>
    SuccessorsPass,
}

/// <summary>Reacts to one kind of event. What it writes through <c>tx</c> commits together with the note that the event was
/// taken.</summary>
public interface ISubscriber<in TEvent>
    where TEvent : IEvent
{
    Task<Delivery> HandleAsync(TEvent message, EventEnvelope envelope, Transaction tx, CancellationToken cancellationToken);
}

/// <summary>The same for events of every kind.</summary>
public interface IListener
{
    /// <summary>Whether it may want the event: what it does not want leaves no note. Asked often.</summary>
    ValueTask<bool> WantsAsync(EventEnvelope envelope, CancellationToken cancellationToken);

    Task<Delivery> HandleAsync(EventEnvelope envelope, Transaction tx, CancellationToken cancellationToken);
}

/// <summary>One subscriber of one kind of event, under a name that never changes: the inbox remembers by it.</summary>
internal sealed record Subscription
{
    public required string Name { get; init; }

    public required string EventType { get; init; }

    public required string Topic { get; init; }

    public required DeadLetters DeadLetters { get; init; }

    public required Func<IServiceProvider, EventEnvelope, Transaction, CancellationToken, Task<Delivery>> HandleAsync { get; init; }

    /// <summary>Whether it may want the event; null if it wants all of the kind.</summary>
    public Func<IServiceProvider, EventEnvelope, CancellationToken, ValueTask<bool>>? WantsAsync { get; init; }

    /// <summary>The module it belongs to, which its name begins with.</summary>
    public string Module => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}

public static class SubscriptionExtensions
{
    /// <param name="name">Unique and permanent, such as <c>notifications.send</c>.</param>
    public static IServiceCollection AddSubscriber<TSubscriber, TEvent>(
        this IServiceCollection services,
        string name,
        DeadLetters deadLetters
    )
        where TSubscriber : class, ISubscriber<TEvent>
        where TEvent : IEvent
    {
        services.AddSingleton<TSubscriber>();
        services.AddSingleton(
            new Subscription
            {
                Name = name,
                EventType = TEvent.Type,
                Topic = TEvent.Topic,
                DeadLetters = deadLetters,
                HandleAsync = (provider, envelope, tx, cancellationToken) =>
                {
                    var message = JsonSerializer.Deserialize(
                        envelope.Data,
                        (JsonTypeInfo<TEvent>)EventJson.Default.GetTypeInfo(typeof(TEvent))!
                    );
                    return message is null
                        ? Task.FromResult(Delivery.Drop("The event is empty."))
                        : provider.GetRequiredService<TSubscriber>().HandleAsync(message, envelope, tx, cancellationToken);
                },
            }
        );
        return services;
    }

    /// <summary>Brings events of every kind to one listener, in the order of their key.</summary>
    /// <param name="name">Unique and permanent, such as <c>webhooks.deliver</c>.</param>
    public static IServiceCollection AddListener<TListener>(this IServiceCollection services, string name, DeadLetters deadLetters)
        where TListener : class, IListener
    {
        services.AddSingleton<TListener>();
        foreach (var (type, known) in EventCatalog.Types)
            services.AddSingleton(
                new Subscription
                {
                    Name = name,
                    EventType = type,
                    Topic = known.Topic,
                    DeadLetters = deadLetters,
                    WantsAsync = (provider, envelope, cancellationToken) =>
                        provider.GetRequiredService<TListener>().WantsAsync(envelope, cancellationToken),
                    HandleAsync = (provider, envelope, tx, cancellationToken) =>
                        provider.GetRequiredService<TListener>().HandleAsync(envelope, tx, cancellationToken),
                }
            );
        return services;
    }
}
