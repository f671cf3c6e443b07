using System.Globalization;
using Npgsql;

namespace Gatehouse.Runtime.Data;

/// <summary>
/// Keeps the partitions of the tables that are partitioned by their version-7 id: a day each, and a month each of the audit, which is kept so long that a
/// question over its days would take more locks than the server has. They follow the time provider, so a moved clock finds its partitions too; a
/// write that comes before its partition makes it and is repeated (see <see cref="Database"/>).
/// </summary>
public sealed class Partitions(DataSources sources)
{
    /// <summary>Days made ahead of time, so that no write ever waits for a partition while the nodes run.</summary>
    private const int DaysAhead = 3;

    private static readonly string[] Tables = ["events", "inbox", "audit"];

    internal static bool IsMissing(PostgresException e) =>
        // Every other check has a name; the message itself comes in the server's language.
        e.SqlState == PostgresErrorCodes.CheckViolation && e.ConstraintName is null;

    public async Task EnsureAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sql = new Sql(connection, transaction, cancellationToken);
        await sql.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.partitions', 0))");
        var existing = (await sql.ListAsync<string>("select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'runtime'"))
            .ToHashSet(StringComparer.Ordinal);

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var table in Tables)
        {
            // Yesterday too: a slower clock of another node may still write there.
            for (var day = today.AddDays(-1); day <= today.AddDays(DaysAhead); day = day.AddDays(1))
            {
                var (first, next) = Span(table, day);
                var name = Name(table, first);
                if (!existing.Add(name)) continue;
                // Attaching takes a weaker lock than creating in place: readers and writers go on.
                await sql.ExecuteAsync(
                    $"""
                    create table runtime.{name} (like runtime.{table} including all);
                    alter table runtime.{table} attach partition runtime.{name} for values from ('{FirstId(first)}') to ('{FirstId(next)}');
                    """);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Drops the partitions that end before <paramref name="oldest"/>; those of the log only when every lane is past all of their events, those of
    /// the inbox only when the log has none of that day: an event delivered very late still finds its place; those of the audit only when every
    /// record in them lies in a batch that was signed as trimmed.
    /// </summary>
    /// <returns>The names of the dropped partitions.</returns>
    public async Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken) =>
        await sources.Main.UseAsync(
            async sql =>
            {
                var names = await sql.ListAsync<string>(
                    "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ('runtime.' || @table)::regclass order by 1",
                    new { table });
                var dropped = new List<string>();
                foreach (var name in names.Where(n => string.CompareOrdinal(n, Name(table, Span(table, oldest).First)) < 0))
                {
                    if (await sql.SingleAsync<bool>(StillNeeded(table, name), new { twin = name.Replace(table, "runtime.events", StringComparison.Ordinal) })) continue;
                    // Dropping locks the whole table; behind a long transaction every writer would queue up. It is tried again in an hour.
                    await sql.ExecuteAsync($"begin; set local lock_timeout = '1s'; drop table runtime.{name}; commit");
                    dropped.Add(name);
                }

                return (IReadOnlyList<string>)dropped;
            },
            cancellationToken);

    private static string StillNeeded(string table, string name) => table switch
    {
        "events" => $"select exists (select 1 from runtime.{name} e join runtime.lanes l on l.lane = e.lane where (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq))",
        "audit" =>
            $"""
            select exists (select 1 from runtime.{name} a
                            where not exists (select 1 from runtime.audit_batches b
                                               where b.trimmed_at is not null and (a.epoch, a.xid, a.seq) <= (b.last_epoch, b.last_xid, b.last_seq)))
            """,
        _ => "select to_regclass(@twin) is not null",
    };

    private static (DateOnly First, DateOnly Next) Span(string table, DateOnly day)
    {
        if (table != "audit") return (day, day.AddDays(1));
        var month = new DateOnly(day.Year, day.Month, 1);
        return (month, month.AddMonths(1));
    }

    private static string Name(string table, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{table}_{day:yyyyMMdd}");

    /// <summary>The smallest version-7 id of the day: 48 bits of milliseconds, then zeros (RFC 9562, 5.7).</summary>
    private static Guid FirstId(DateOnly day)
    {
        var milliseconds = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        return new Guid((int)(milliseconds >> 16), (short)milliseconds, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
