using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Files;

/// <summary>Removes files that nothing kept in time, that were replaced, or whose users are gone. What the store cannot remove now stays
/// for the next run.</summary>
internal sealed partial class RemoveUnkeptFiles(Database database, UserFiles files, TimeProvider clock, ILogger<RemoveUnkeptFiles> logger)
    : IRecurring
{
    private const int Batch = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!files.Store.IsOn)
            return;
        while (true)
        {
            var due = await database.QueryAsync(
                db =>
                    db.ListAsync<StoredFile>(
                        """
                        select tenant_id, user_id, id from identity.files
                         where remove_after <= @now order by remove_after limit @Batch
                        """,
                        new { now = clock.GetUtcNow(), Batch }
                    ),
                cancellationToken
            );
            try
            {
                foreach (var file in due)
                    await files.RemoveAsync(file.TenantId, file.UserId, file.Id, cancellationToken);
            }
            catch (DependencyAwayException)
            {
                // The store has said so itself.
                return;
            }

            if (due.Count > 0)
                Log.Removed(logger, due.Count);
            if (due.Count < Batch)
                return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} files that nothing kept")]
        public static partial void Removed(ILogger logger, int count);
    }
}
