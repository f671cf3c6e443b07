using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>Runs the job of an operation and keeps the operation's state.</summary>
internal sealed class OperationRunner(Database database, TimeProvider clock)
{
    public async Task<JobResult> RunAsync(IOperationJob work, LeasedJob job, CancellationToken cancellationToken)
    {
        var operation = await database.InTransactionAsync(
            "operation.begin",
            tx => OperationStore.BeginAsync(tx, job.Id),
            cancellationToken
        );
        // It was canceled in time, or this is a run too many.
        if (operation is null)
            return JobResult.Done();
        if (operation.CancelRequested)
            return Canceled(job.Id);
        try
        {
            return Conclude(job.Id, await work.RunAsync(new OperationRun(operation, job, database, clock), cancellationToken));
        }
        catch (OperationEndedException)
        {
            // If it ended otherwise, that stays so.
            return Canceled(job.Id);
        }
    }

    private static JobResult Conclude(Guid id, OperationResult result) =>
        result switch
        {
            { RetryReason: { } reason } => JobResult.Retry(reason, notBefore: result.Wait),
            { Error: { } error } => JobResult.Done(tx => OperationStore.FinishAsync(tx, id, Operation.Failed, result: null, error)),
            _ => JobResult.Done(tx => OperationStore.FinishAsync(tx, id, Operation.Succeeded, result.Value, error: null)),
        };

    private static JobResult Canceled(Guid id) =>
        JobResult.Done(tx => OperationStore.FinishAsync(tx, id, Operation.Canceled, result: null, error: null));
}
