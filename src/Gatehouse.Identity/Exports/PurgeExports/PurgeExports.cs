using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Exports;

/// <summary>Removes exports whose day is over.</summary>
internal sealed class PurgeExports(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db => db.ExecuteAsync("delete from identity.exports where expires_at <= @now", new { now = clock.GetUtcNow() }),
            cancellationToken
        );
}
