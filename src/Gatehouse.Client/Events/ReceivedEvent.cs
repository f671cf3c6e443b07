using Gatehouse.Contracts.Events;
using Npgsql;

namespace Gatehouse.Client;

/// <summary>An event as a handler gets it.</summary>
/// <typeparam name="TEvent">The record of the event, such as <see cref="UserRegisteredV1"/>.</typeparam>
public sealed class ReceivedEvent<TEvent>
    where TEvent : class, IEvent
{
    private readonly NpgsqlTransaction? transaction;

    internal ReceivedEvent(EventEnvelope envelope, TEvent data, NpgsqlTransaction? transaction, IServiceProvider services) =>
        (Envelope, Data, this.transaction, Services) = (envelope, data, transaction, services);

    /// <summary>The event itself.</summary>
    public TEvent Data { get; }

    /// <summary>Its attributes: id, time, tenant, subject.</summary>
    public EventEnvelope Envelope { get; }

    /// <summary>Services of a scope that ends with the handler.</summary>
    public IServiceProvider Services { get; }

    /// <summary>
    /// What the handler writes in it is stored together with the mark that the event was handled: both, or neither. The handler does not
    /// end it.
    /// </summary>
    /// <exception cref="InvalidOperationException">Events are stored in memory, without a database.</exception>
    public NpgsqlTransaction Transaction =>
        transaction ?? throw new InvalidOperationException("There is no transaction: events are stored in memory.");
}
