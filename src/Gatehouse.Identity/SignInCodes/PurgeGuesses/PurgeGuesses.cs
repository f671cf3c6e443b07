using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>Removes counts of wrong sign-in codes that no longer count.</summary>
internal sealed class PurgeGuesses(Database database, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    "delete from identity.sign_in_code_guesses where began_at <= @over",
                    new { over = clock.GetUtcNow() - CodeLengthRules.Window }
                ),
            cancellationToken
        );
}
