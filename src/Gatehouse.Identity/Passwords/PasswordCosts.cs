using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Passwords.Foreign;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// What hashes cost that are or may be stored: each node notes the cost of its settings before it serves, and learns those of all before
/// it. So an account whose hash is dearer than today's settings does not stand out by it. A dearer cost that no hash has any more is
/// forgotten at the next start. Hashes from other systems note theirs when they are stored.
/// </summary>
internal sealed class PasswordCosts(Database database, PasswordHasher hasher, PasswordHashingOptions options) : IStartupTask
{
    private const string Client = "start";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        hasher.Meet(await database.QueryAsync(NoteAsync, cancellationToken));
        foreach (var cost in await database.QueryAsync(ReadForeignAsync, cancellationToken))
        {
            // One that only a later release knows is verified by none of this.
            if (ForeignHash.Kernels.TryGetValue(cost.Kernel, out var kernel))
                await hasher.MeetAsync(kernel, cost.Units, Client, cancellationToken);
        }
    }

    /// <summary>Notes what a hash from elsewhere costs, with the change that stores it; this node knows from the commit on.</summary>
    public async Task NoteAsync(Transaction tx, PasswordHash imported)
    {
        switch (PasswordHasher.CostOf(imported.ToStored()))
        {
            case { Foreign: { } foreign }:
                await tx.ExecuteAsync(
                    """
                    insert into identity.foreign_password_costs (prefix, kernel, units) values (@CostPrefix, @Name, @Units)
                    on conflict do nothing
                    """,
                    new
                    {
                        foreign.CostPrefix,
                        foreign.Kernel.Name,
                        foreign.Units,
                    }
                );
                tx.AfterCommit(async () => await hasher.MeetAsync(foreign.Kernel, foreign.Units, Client, CancellationToken.None));
                break;
            case { Own: { } own }:
                await tx.ExecuteAsync(
                    "insert into identity.password_costs (memory_kib, passes) values (@memory, @passes) on conflict do nothing",
                    new { memory = (int)own.MemoryKiB, passes = (int)own.Passes }
                );
                tx.AfterCommit(() => hasher.Meet((long)own.MemoryKiB * own.Passes));
                break;
        }
    }

    private static async Task<IReadOnlyList<ForeignCost>> ReadForeignAsync(DbSession db)
    {
        await db.ExecuteAsync(
            """
            delete from identity.foreign_password_costs
             where not exists (select from identity.users where starts_with(password_hash, prefix))
            """
        );
        // Of each kernel the dearest is enough.
        return await db.ListAsync<ForeignCost>(
            "select kernel, max(units) as units from identity.foreign_password_costs group by kernel order by kernel"
        );
    }

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

    private sealed class ForeignCost
    {
        public string Kernel { get; init; } = "";

        public long Units { get; init; }
    }
}
