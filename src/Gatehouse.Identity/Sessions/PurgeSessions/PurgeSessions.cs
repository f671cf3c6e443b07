using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Sessions;

/// <summary>Removes sessions a day after their end.</summary>
internal sealed partial class PurgeSessions(Database database, TimeProvider clock, ILogger<PurgeSessions> logger) : IRecurring
{
    private const int Batch = 5000;

    // Until then an old token of an ended session is still recognized, and nodes that were away learn of the revocation.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        for (var removed = Batch; removed == Batch; )
        {
            removed = await database.QueryAsync(
                db =>
                    db.ExecuteAsync(
                        """
                        delete from identity.sessions
                         where (tenant_id, id) in (select tenant_id, id from identity.sessions
                                                    where ends_at < @ended or ended_at < @ended limit @batch for update skip locked)
                        """,
                        new { ended = now - Kept, batch = Batch }
                    ),
                cancellationToken
            );
            if (removed > 0)
                Log.Purged(logger, removed);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Deleted {Count} ended sessions")]
        public static partial void Purged(ILogger logger, int count);
    }
}
