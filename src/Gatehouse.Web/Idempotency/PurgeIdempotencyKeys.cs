using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Web;

/// <summary>Forgets idempotency keys, and the answers stored with them, after a day.</summary>
internal sealed class PurgeIdempotencyKeys(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    "delete from runtime.idempotency_keys where created_at < @oldest",
                    new { oldest = clock.GetUtcNow().AddHours(-24) }
                ),
            cancellationToken
        );
}
