using Gatehouse.Audit.Data;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Seals what was recorded since the last round, off the request path: batches of records, each chained to the one before by its hash and
/// signed. The last batch of a round goes out as a checkpoint, into the log and into the checkpoint file.
/// <para>Only stable records are sealed, so a transaction that commits late is never skipped. Two nodes that seal at once do no harm: the
/// number of a batch is taken once.</para>
/// <para>What is sealed is counted in the same transaction (<see cref="ActivityCounts"/>).</para>
/// </summary>
internal sealed partial class SealRecords(
    Database database,
    CheckpointKey key,
    CheckpointFile file,
    AuditMetrics metrics,
    ILogger<SealRecords> logger
) : IRecurring
{
    internal const int BatchSize = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Checkpoint? reached = null;
        try
        {
            while (await database.InTransactionAsync("audit.seal", SealAsync, cancellationToken) is { } batch)
            {
                reached = batch.Checkpoint;
                metrics.Sealed(batch.Records);
                if (batch.Records < BatchSize)
                    break;
            }
        }
        finally
        {
            // Also when a later batch failed: what is sealed must be known outside.
            if (reached is not null)
                await PublishAsync(reached);
        }

        while (await database.InTransactionAsync("audit.count", CountAsync, cancellationToken))
        {
            // One batch at a time, newest first.
        }
    }

    /// <summary>The sealed batch; null when there was nothing to seal or another node was first.</summary>
    private async Task<Batch?> SealAsync(Transaction tx)
    {
        var newest = await Batch.NewestAsync(tx);
        var records = await StoredRecord.StableAsync(tx, newest?.Last ?? default, BatchSize);
        if (records.Count == 0)
            return null;

        var batch = Batch.Of(newest, records, tx.Now, key);
        if (!await batch.InsertAsync(tx))
            return null;
        await ActivityCounts.Of(records).SaveAsync(tx);
        return batch;
    }

    /// <summary>Counts a batch that was sealed before there were figures, or by a node of a release without.</summary>
    private static async Task<bool> CountAsync(Transaction tx)
    {
        if (await Batch.TakeUncountedAsync(tx) is not { } batch)
            return false;
        await ActivityCounts.Of(await StoredRecord.BetweenAsync(tx, batch.First.Before, batch.Last, BatchSize)).SaveAsync(tx);
        return true;
    }

    private async Task PublishAsync(Checkpoint checkpoint)
    {
        Log.Checkpoint(logger, checkpoint.ToLine());
        try
        {
            await file.AppendAsync(checkpoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotWritten(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Audit checkpoint {Checkpoint}")]
        public static partial void Checkpoint(ILogger logger, string checkpoint);

        [LoggerMessage(2, LogLevel.Error, "The audit checkpoint could not be written to Audit:CheckpointFile: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
