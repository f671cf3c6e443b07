using System.Globalization;
using Gatehouse.Core.Hosting;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// Keeps the partitions of the tables that are partitioned by their version-7 id. They follow the time provider, so a moved clock finds its
/// partitions too; a write that comes before its partition makes it and is repeated (see <see cref="Database"/>).
/// </summary>
public sealed class TablePartitions(DataSources sources, IEnumerable<PartitionedTable> tables, TimeProvider clock) : IStartupTask
{
    /// <summary>Days made ahead of time, so that no write ever waits for a partition while the nodes run.</summary>
    private const int DaysAhead = 3;

    private readonly IReadOnlyList<PartitionedTable> tables = [.. tables];

    bool IStartupTask.IsForCommands => true;

    Task IStartupTask.PrepareAsync(CancellationToken cancellationToken) => EnsureAsync(clock.GetUtcNow(), cancellationToken);

    internal static bool IsMissing(PostgresException e) =>
        // Every other check has a name; the message itself comes in the server's language.
        e.SqlState == PostgresErrorCodes.CheckViolation
        && e.ConstraintName is null;

    public async Task EnsureAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.partitions', 0))");
        var existing = (
            await db.ListAsync<string>(
                """
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any(@schemas)
                """,
                new { schemas = tables.Select(t => t.Schema).Distinct(StringComparer.Ordinal).ToArray() }
            )
        ).ToHashSet(StringComparer.Ordinal);

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var table in tables)
        {
            // Yesterday too: a slower clock of another node may still write there.
            for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                var (first, next) = Span(table, day);
                var partition = Name(table, first);
                if (!existing.Add(partition))
                    continue;
                // Attaching takes a weaker lock than creating in place: readers and writers go on.
                await db.ExecuteAsync(
                    $"""
                    create table {partition} (like {table.FullName} including all);
                    alter table {table.FullName} attach partition {partition} for values from ('{PartitionedTable.LowestId(
                        first
                    )}') to ('{PartitionedTable.LowestId(next)}');
                    """
                );
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Drops the partitions that end before <paramref name="oldest"/> and are not needed for another reason.</summary>
    /// <returns>The names of the dropped partitions.</returns>
    public async Task<IReadOnlyList<string>> DropBeforeAsync(
        PartitionedTable table,
        DateOnly oldest,
        CancellationToken cancellationToken
    ) =>
        await sources.Main.QueryAsync(
            async db =>
            {
                var partitions = await db.ListAsync<string>(
                    """
                    select n.nspname || '.' || c.relname
                      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
                     where i.inhparent = @table::regclass order by 1
                    """,
                    new { table = table.FullName }
                );
                var dropped = new List<string>();
                foreach (var partition in partitions.Where(p => string.CompareOrdinal(p, Name(table, Span(table, oldest).First)) < 0))
                {
                    if (await table.IsNeededAsync(db, partition))
                        continue;
                    // Dropping locks the whole table; behind a long transaction every writer would queue up. It is tried again in an hour.
                    await db.ExecuteAsync($"begin; set local lock_timeout = '1s'; drop table {partition}; commit");
                    dropped.Add(partition);
                }

                return (IReadOnlyList<string>)dropped;
            },
            cancellationToken
        );

    private static (DateOnly First, DateOnly Next) Span(PartitionedTable table, DateOnly day)
    {
        if (table.Span == PartitionSpan.Day)
            return (day, day.AddDays(1));
        var month = new DateOnly(day.Year, day.Month, 1);
        return (month, month.AddMonths(1));
    }

    private static string Name(PartitionedTable table, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{table.FullName}_{day:yyyyMMdd}");
}
