using System.Diagnostics;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

public static class JobQueueing
{
    /// <summary>Queues durable work that starts after the commit, not before <paramref name="runAt"/>.</summary>
    /// <param name="orderKey">
    /// Jobs of one kind and one order key run one after the other, as queued; while one waits for another attempt its successors wait too,
    /// until it is done or given up. Null if the order is of no account.
    /// </param>
    public static void Enqueue(
        this Transaction tx,
        string kind,
        Guid id,
        string payload,
        DateTimeOffset? runAt = null,
        Guid? orderKey = null
    ) =>
        tx.Collect<PendingJobs>()
            .Items.Add(
                new QueuedJob
                {
                    Id = id,
                    Kind = kind,
                    Payload = payload,
                    RunAt = runAt ?? tx.Now,
                    OrderKey = orderKey,
                    TraceParent = Activity.Current?.Id,
                }
            );
}

internal sealed record QueuedJob
{
    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public required string Payload { get; init; }

    public required DateTimeOffset RunAt { get; init; }

    public required Guid? OrderKey { get; init; }

    public required string? TraceParent { get; init; }
}

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
