using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Factors;

/// <summary>Removes challenges and remembered devices whose time is over.</summary>
internal sealed class PurgeChallenges(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.QueryAsync(
            async db =>
                await db.ExecuteAsync("delete from identity.challenges where expires_at <= @now", new { now })
                + await db.ExecuteAsync("delete from identity.remembered_devices where expires_at <= @now", new { now }),
            cancellationToken
        );
    }
}
