using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Recovery;

/// <summary>Removes resets whose link has ended, with their keys.</summary>
internal sealed partial class PurgePasswordResets(Database database, SubjectKeys subjectKeys, TimeProvider clock, ILogger<PurgePasswordResets> logger) : IRecurring
{
    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // A row's key goes with it in the same round; one left by a crash in between has an end of its own.
            var ended = await database.QueryAsync(
                db => db.ListAsync<Guid>(
                    """
                    delete from identity.password_resets
                     where (tenant_id, id) in (select tenant_id, id from identity.password_resets where expires_at <= @now limit @batch for update skip locked)
                    returning id
                    """,
                    new { now = clock.GetUtcNow(), batch = Batch }),
                cancellationToken);
            if (ended.Count == 0) return;

            await subjectKeys.DestroyAsync(ended, cancellationToken);
            Log.Purged(logger, ended.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Deleted {Count} expired password resets")]
        public static partial void Purged(ILogger logger, int count);
    }
}
