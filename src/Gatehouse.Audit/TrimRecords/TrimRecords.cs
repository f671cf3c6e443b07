using Gatehouse.Audit.Data;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Audit;

/// <summary>
/// Drops records past their retention, by whole days. First the newest batch that is past it altogether is signed as trimmed: from then on
/// the chain starts behind it, and a verification can tell what retention dropped from what somebody removed.
/// </summary>
internal sealed partial class TrimRecords(
    Database database,
    TablePartitions partitions,
    CheckpointKey key,
    AuditOptions options,
    TimeProvider clock,
    ILogger<TrimRecords> logger
) : IRecurring
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var oldest = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-options.RetentionDays);
        await database.InTransactionAsync(
            "audit.trim",
            tx => SignAsync(tx, new DateTimeOffset(oldest, TimeOnly.MinValue, TimeSpan.Zero)),
            cancellationToken
        );
        foreach (var partition in await partitions.DropBeforeAsync(AuditTable.Records, oldest, cancellationToken))
            Log.Dropped(logger, partition);
        await database.QueryAsync(
            db =>
                db.ExecuteAsync("delete from audit.figures where hour < @oldest", new { oldest = clock.GetUtcNow() - ActivityCounts.Kept }),
            cancellationToken
        );
    }

    private async Task<bool> SignAsync(Transaction tx, DateTimeOffset oldest)
    {
        // Days and batches overlap at midnight, and clocks differ: only what lies before the first batch with anything to keep may go.
        var past = await tx.FirstOrDefaultAsync<Batch>(
            """
            select number, hash from audit.batches
             where number < coalesce((select min(number) from audit.batches where newest_at >= @oldest),
                                     (select max(number) + 1 from audit.batches))
             order by number desc
             limit 1
            """,
            new { oldest }
        );
        if (past is null)
            return false;

        var signature = key.Sign(Checkpoint.TrimMessage(past, tx.Now));
        var parameters = new
        {
            past.Number,
            now = tx.Now,
            signature,
        };
        await tx.ExecuteAsync(
            "update audit.batches set trimmed_at = @now, trim_signature = @signature where number = @Number and trimmed_at is null",
            parameters
        );
        return await tx.ExecuteAsync("delete from audit.batches where number < @Number", parameters) > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Dropped partition {Partition} of the audit, past its retention")]
        public static partial void Dropped(ILogger logger, string partition);
    }
}
