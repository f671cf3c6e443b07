using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Authenticators;

/// <summary>Removes what browsers were asked to sign and did not answer in time.</summary>
internal sealed class PurgeCeremonies(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db => db.ExecuteAsync("delete from identity.passkey_ceremonies where expires_at <= @now", new { now = clock.GetUtcNow() }),
            cancellationToken
        );
}
