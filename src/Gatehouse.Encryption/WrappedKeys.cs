using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>Says which master keys the stored keys are wrapped by, and whether those open them.</summary>
public sealed class WrappedKeys(DataSources sources, MasterKeys masterKeys, IEnumerable<WrappedKeyTable> tables) : IStartupTask
{
    bool IStartupTask.IsForCommands => true;

    Task IStartupTask.PrepareAsync(CancellationToken cancellationToken) => CheckAsync(cancellationToken);

    /// <summary>Opens one key of each table for each master key that it needs.</summary>
    /// <exception cref="MasterKeyException">A master key was removed or replaced while keys still need it.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(
            async db =>
            {
                var opened = 0;
                foreach (var table in tables)
                {
                    foreach (var row in await SamplesAsync(db, table))
                    {
                        masterKeys.Unwrap(row.MasterKey, table.Purpose(row.Id), row.Wrapped);
                        opened++;
                    }
                }

                return opened;
            },
            cancellationToken
        );

    /// <summary>How many keys each master key wraps, by its id.</summary>
    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(
            async db =>
            {
                var counted = await db.ListAsync<Count>(
                    $"""
                    select master_key, count(*) as keys
                      from ({string.Join(" union all ", tables.Select(t => $"select master_key from {t.Name}"))}) as wrapped
                     group by master_key order by master_key
                    """
                );
                return (IReadOnlyDictionary<string, long>)counted.ToDictionary(c => c.MasterKey, c => c.Keys, StringComparer.Ordinal);
            },
            cancellationToken
        );

    // Steps over the index from one master key to the next: a start must not read the keys of ten million users.
    private static Task<IReadOnlyList<WrappedKeyRow>> SamplesAsync(DbSession db, WrappedKeyTable table) =>
        db.ListAsync<WrappedKeyRow>(
            $"""
            with recursive used (master_key) as (
                select min(master_key) from {table.Name}
                union all
                select (select min(master_key) from {table.Name} where master_key > used.master_key)
                  from used where used.master_key is not null
            )
            select sample.* from used
             cross join lateral (select {table.Id}::text as id, master_key, wrapped from {table.Name}
                                  where master_key = used.master_key limit 1) as sample
            """
        );

    private sealed class Count
    {
        public string MasterKey { get; init; } = "";

        public long Keys { get; init; }
    }
}

/// <summary>A stored key as it is wrapped.</summary>
internal sealed class WrappedKeyRow
{
    public string Id { get; init; } = "";

    public string MasterKey { get; init; } = "";

    public byte[] Wrapped { get; init; } = [];
}
