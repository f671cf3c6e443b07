using System.Diagnostics;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Runtime.Auditing;
using Npgsql;

namespace Gatehouse.Runtime.Data;

/// <summary>A transaction on the main database. What is published or enqueued in it exists exactly when it commits.</summary>
public sealed class Tx(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    : Sql(connection, transaction, cancellationToken)
{
    private readonly List<EventEnvelope> events = [];
    private readonly List<QueuedJob> jobs = [];
    private readonly List<AuditRecord> records = [];
    private readonly List<Action> afterCommit = [];

    /// <summary>The time of this transaction, from the time provider, in whole microseconds: what is stored reads back the same.</summary>
    public DateTimeOffset Now { get; } = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

    internal IReadOnlyList<EventEnvelope> Events => events;

    internal IReadOnlyList<QueuedJob> Jobs => jobs;

    internal IReadOnlyList<AuditRecord> Records => records;

    /// <summary>Writes the event into the log with this change; delivery follows the commit.</summary>
    /// <param name="key">What must stay in order: the person's id, or the pending registration's.</param>
    /// <param name="subjectVersion">The person's version, read or raised under the row lock; null where the key is no person.</param>
    public void Publish<TEvent>(Guid tenantId, Guid key, TEvent message, long? subjectVersion = null)
        where TEvent : IEvent =>
        events.Add(new EventEnvelope
        {
            Id = Guid.CreateVersion7(Now),
            Type = TEvent.Type,
            Topic = TEvent.Topic,
            TenantId = tenantId,
            Key = key,
            SubjectVersion = subjectVersion,
            Time = Now,
            TraceParent = Activity.Current?.Id,
            Data = JsonSerializer.Serialize(message, typeof(TEvent), EventJson.Default),
        });

    /// <summary>Queues durable work that starts after the commit, not before <paramref name="runAt"/>.</summary>
    public void Enqueue(string kind, Guid id, string payload, DateTimeOffset? runAt = null) =>
        jobs.Add(new QueuedJob(id, kind, payload, runAt ?? Now, Activity.Current?.Id));

    /// <summary>Writes a record into the audit with this change.</summary>
    public void Record(AuditRecord record) => records.Add(record);

    /// <summary>Runs once the change stands, before the caller learns of it: for what this node keeps in memory. It must not fail.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal void Committed()
    {
        foreach (var action in afterCommit) action();
    }

    /// <summary>Marks a point to return to when a part of the transaction fails.</summary>
    internal Task SaveAsync(string name) => Transaction!.SaveAsync(name, CancellationToken);

    internal async Task RollbackToAsync(string name)
    {
        await Transaction!.RollbackAsync(name, CancellationToken);
        events.Clear();
        jobs.Clear();
        records.Clear();
        afterCommit.Clear();
    }
}

internal sealed record QueuedJob(Guid Id, string Kind, string Payload, DateTimeOffset RunAt, string? TraceParent);
