using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// What hashes cost that are or may be stored: each node notes the cost of its settings before it serves, and learns those of all before
/// it. So an account whose hash is dearer than today's settings does not stand out by it. A dearer cost that no hash has any more is
/// forgotten at the next start.
/// </summary>
internal sealed class PasswordCosts(Database database, PasswordHasher hasher, PasswordHashingOptions options) : IStartupTask
{
    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        hasher.Meet(await database.QueryAsync(NoteAsync, cancellationToken));

    private async Task<long> NoteAsync(DbSession db)
    {
        await db.ExecuteAsync(
            "insert into identity.password_costs (memory_kib, passes) values (@MemoryKiB, @Passes) on conflict do nothing",
            new { options.MemoryKiB, options.Passes }
        );
        await db.ExecuteAsync(
            """
            delete from identity.password_costs
             where memory_kib::bigint * passes > @work
               and not exists (select from identity.users
                               where starts_with(password_hash, format('$argon2id$v=19$m=%s,t=%s,', memory_kib, passes)))
               and not exists (select from identity.verifications
                               where starts_with(payload ->> 'passwordHash', format('$argon2id$v=19$m=%s,t=%s,', memory_kib, passes)))
            """,
            new { work = (long)options.MemoryKiB * options.Passes }
        );
        return await db.SingleAsync<long>("select max(memory_kib::bigint * passes) from identity.password_costs");
    }
}
