using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Credentials;

/// <summary>Gives up changes that nobody confirmed in time, and frees former addresses and usernames whose time is over.</summary>
internal sealed class PurgeContacts(Database database, TimeProvider clock) : IRecurring
{
    private static readonly string[] Statements =
    [
        "delete from identity.former_emails where ends_at <= @now",
        "delete from identity.identifiers where reserved_until <= @now",
        "delete from identity.former_usernames where reserved_until <= @now",
        """
            update identity.users set new_email = null, new_email_verification = null, new_email_until = null where new_email_until <= @now
            """,
        """
            update identity.users set new_phone = null, new_phone_verification = null, new_phone_until = null where new_phone_until <= @now
            """,
    ];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var statement in Statements)
            await database.QueryAsync(db => db.ExecuteAsync(statement, new { now }), cancellationToken);
    }
}
