using System.Diagnostics;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

public static class JobQueueing
{
    /// <summary>Queues durable work that starts after the commit, not before <paramref name="runAt"/>.</summary>
    public static void Enqueue(this Transaction tx, string kind, Guid id, string payload, DateTimeOffset? runAt = null) =>
        tx.Collect<PendingJobs>().Items.Add(new QueuedJob(id, kind, payload, runAt ?? tx.Now, Activity.Current?.Id));
}

internal sealed record QueuedJob(Guid Id, string Kind, string Payload, DateTimeOffset RunAt, string? TraceParent);

internal sealed class PendingJobs
{
    public List<QueuedJob> Items { get; } = [];
}

/// <summary>Queues the jobs of each transaction, and wakes the worker when it stands.</summary>
internal sealed class JobQueueWriter(WorkSignal wake) : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx) =>
        tx.FindCollected<PendingJobs>() is { } jobs ? JobQueue.AppendAsync(tx, jobs.Items) : Task.CompletedTask;

    public void AfterCommit(Transaction tx)
    {
        if (tx.FindCollected<PendingJobs>() is not null)
            wake.JobsWritten();
    }
}
