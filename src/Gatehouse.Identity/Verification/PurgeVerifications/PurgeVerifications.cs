using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Verification;

/// <summary>Removes verifications whose time is over, with their keys, and quotas of addresses that no longer count.</summary>
internal sealed partial class PurgeVerifications(
    Database database,
    IVerificationStore store,
    SubjectKeys subjectKeys,
    VerificationMetrics metrics,
    TimeProvider clock,
    ILogger<PurgeVerifications> logger
) : IRecurring
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.QueryAsync(
            db => db.ExecuteAsync("delete from identity.code_quotas where window_ends_at <= @now", new { now }),
            cancellationToken
        );

        while (true)
        {
            // A verification's key goes with it in the same round; one left by a crash in between has an end of its own.
            var ended = await database.QueryAsync(db => store.RemoveExpiredAsync(db, now), cancellationToken);
            if (ended.Count == 0)
                return;

            await subjectKeys.DestroyAsync(ended, cancellationToken);
            metrics.Purged(ended.Count);
            Log.Purged(logger, ended.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} verifications whose time was over")]
        public static partial void Purged(ILogger logger, int count);
    }
}
