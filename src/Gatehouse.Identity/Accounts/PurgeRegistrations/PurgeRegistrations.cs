using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>Removes registrations whose day is over, with their keys, and address quotas that no longer count.</summary>
internal sealed partial class PurgeRegistrations(
    Database database, SubjectKeys subjectKeys, RegistrationMetrics metrics, TimeProvider clock, ILogger<PurgeRegistrations> logger) : IRecurring
{
    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.QueryAsync(db => db.ExecuteAsync("delete from identity.code_quotas where window_ends_at <= @now", new { now }), cancellationToken);

        while (true)
        {
            // A row's key goes with it in the same round; one left by a crash in between has an end of its own.
            var ended = await database.QueryAsync(
                db => db.ListAsync<Guid>(
                    """
                    delete from identity.registrations
                     where (tenant_id, id) in (select tenant_id, id from identity.registrations where expires_at <= @now limit @batch for update skip locked)
                    returning id
                    """,
                    new { now, batch = Batch }),
                cancellationToken);
            if (ended.Count == 0) return;

            await subjectKeys.DestroyAsync(ended, cancellationToken);
            metrics.RegistrationsPurged(ended.Count);
            Log.Purged(logger, ended.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Deleted {Count} expired registrations")]
        public static partial void Purged(ILogger logger, int count);
    }
}
