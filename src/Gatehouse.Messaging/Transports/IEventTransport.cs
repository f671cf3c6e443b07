using Gatehouse.Contracts.Events;

namespace Gatehouse.Messaging;

/// <summary>Brings events from the log to the inboxes of the subscribers: in this process, or over a broker.</summary>
public interface IEventTransport
{
    /// <summary>How many partitions are sent side by side.</summary>
    int PartitionsAtOnce { get; }

    /// <summary>
    /// Carries events of one partition, in order. Returning is the acknowledgement: each is then durable on the far side. An exception
    /// means that none of them may be counted as carried; they come again.
    /// </summary>
    Task SendAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken);
}

/// <summary>Hands events straight to the inboxes of the subscribers in this process.</summary>
internal sealed class InProcessTransport(EventReceiver receiver) : IEventTransport
{
    // Each holds a connection for its transactions.
    public int PartitionsAtOnce => 4;

    public Task SendAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken) =>
        receiver.ReceiveAsync(events, cancellationToken);
}
