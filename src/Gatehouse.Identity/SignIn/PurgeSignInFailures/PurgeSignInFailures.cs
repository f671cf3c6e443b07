using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.SignIn;

/// <summary>Removes failed sign-ins that nobody added to for long.</summary>
internal sealed class PurgeSignInFailures(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    "delete from identity.sign_in_failures where failed_at < @forgotten",
                    new { forgotten = clock.GetUtcNow() - Throttle.Forgets }
                ),
            cancellationToken
        );
}
