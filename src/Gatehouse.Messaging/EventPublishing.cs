using System.Diagnostics;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

public static class EventPublishing
{
    /// <summary>Writes the event into the log with this change; delivery follows the commit.</summary>
    /// <param name="key">What must stay in order: the user's id, or the pending registration's.</param>
    /// <param name="subjectVersion">The user's version, read or raised under the row lock; null if the key is not a user.</param>
    public static void Publish<TEvent>(this Transaction tx, Guid tenantId, Guid key, TEvent message, long? subjectVersion = null)
        where TEvent : IEvent =>
        tx.Collect<PendingEvents>()
            .Items.Add(
                new EventEnvelope
                {
                    Id = Guid.CreateVersion7(tx.Now),
                    Type = TEvent.Type,
                    Topic = TEvent.Topic,
                    TenantId = tenantId,
                    Key = key,
                    SubjectVersion = subjectVersion,
                    Time = tx.Now,
                    TraceParent = Activity.Current?.Id,
                    Data = JsonSerializer.Serialize(message, typeof(TEvent), EventJson.Default),
                }
            );
}

internal sealed class PendingEvents
{
    public List<EventEnvelope> Items { get; } = [];
}

/// <summary>Writes the events of each transaction into the log, and wakes the pumps when it stands.</summary>
internal sealed class EventLogWriter(LogEpoch epoch, WorkSignal wake) : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx) =>
        tx.FindCollected<PendingEvents>() is { } events ? EventLog.AppendAsync(tx, events.Items, epoch.Current) : Task.CompletedTask;

    public void AfterCommit(Transaction tx)
    {
        if (tx.FindCollected<PendingEvents>() is not null)
            wake.EventsWritten();
    }
}
