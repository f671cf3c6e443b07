using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// Brings the schemas up to date and verifies them. All nodes may start at once: one migrates under a lock, in one transaction, the others
/// wait and find it done. A newer release may have gone ahead (expand first, contract a release later), so extra versions and columns are
/// fine.
/// </summary>
public sealed class Migrator(DataSources sources, IEnumerable<MigrationSet> sets, TimeProvider clock)
{
    internal const string EncodingRemedy = "Create it again: create database … encoding 'UTF8' template template0.";

    [SuppressMessage("Security", "CA2100", Justification = "The scripts are resources of this program.")]
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (await WrongEncodingsAsync(cancellationToken) is { Count: > 0 } wrong)
            throw new SchemaException(wrong);
        var done = new List<string>();
        foreach (var target in sets.GroupBy(s => s.Target))
        {
            await using var connection = await Source(target.Key).OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var db = new DbSession(connection, transaction, cancellationToken);
            await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.migrations', 0))");
            await db.ExecuteAsync(
                """
                create schema if not exists gatehouse;
                create table if not exists gatehouse.migrations (
                    module text not null, version integer not null, name text not null, checksum text not null,
                    applied_at timestamptz not null, primary key (module, version));
                """
            );
            var applied = await AppliedAsync(db);
            foreach (var migration in target.SelectMany(s => s.Migrations).Where(m => !applied.ContainsKey((m.Module, m.Version))))
            {
                await db.ExecuteAsync($"create schema if not exists {migration.Module}");
                await using (var script = new NpgsqlCommand(migration.Script, connection, transaction) { CommandTimeout = 0 })
                    await script.ExecuteNonQueryAsync(cancellationToken);
                await db.ExecuteAsync(
                    """
                    insert into gatehouse.migrations (module, version, name, checksum, applied_at)
                    values (@Module, @Version, @Name, @Checksum, @now)
                    """,
                    new
                    {
                        migration.Module,
                        migration.Version,
                        migration.Name,
                        migration.Checksum,
                        now = clock.GetUtcNow(),
                    }
                );
                done.Add($"{migration.Module} {migration.Name}");
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return done;
    }

    /// <summary>What stands between the databases and this release, in words an operator can act on; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken cancellationToken)
    {
        var differences = await WrongEncodingsAsync(cancellationToken);
        foreach (var target in sets.GroupBy(s => s.Target))
        {
            await Source(target.Key)
                .QueryAsync(
                    async db =>
                    {
                        if (!await db.SingleAsync<bool>("select to_regclass('gatehouse.migrations') is not null"))
                        {
                            differences.Add($"The {Word(target.Key)} has no schema yet: run 'gatehouse migrate'.");
                            return true;
                        }

                        var applied = await AppliedAsync(db);
                        foreach (var migration in target.SelectMany(s => s.Migrations))
                        {
                            if (!applied.TryGetValue((migration.Module, migration.Version), out var checksum))
                                differences.Add(
                                    $"{migration.Module} {migration.Name} is not applied to the {Word(target.Key)}: "
                                        + "run 'gatehouse migrate'."
                                );
                            else if (checksum != migration.Checksum)
                                differences.Add(
                                    $"{migration.Module} {migration.Name} was applied with different content: "
                                        + $"this program and the {Word(target.Key)} do not belong together."
                                );
                        }

                        var columns = (await ColumnsAsync(db, target.Select(s => s.Module))).ToHashSet(StringComparer.Ordinal);
                        differences.AddRange(
                            from column in target.SelectMany(s => s.ExpectedColumns)
                            where !columns.Contains(column)
                            select $"The {Word(target.Key)} is missing the column '{column}', or it has another type: "
                                + "restore the database from a backup."
                        );
                        return true;
                    },
                    cancellationToken
                );
        }

        return differences;
    }

    /// <summary>A database that knows characters of another encoding only, or bytes, would fail or lie at the first name it cannot
    /// hold.</summary>
    private async Task<List<string>> WrongEncodingsAsync(CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (var target in sets.Select(s => s.Target).Distinct())
        {
            await using var connection = await Source(target).OpenConnectionAsync(cancellationToken);
            if (WrongEncoding(connection) is { } encoding)
                wrong.Add($"The {Word(target)} has the encoding {encoding}. {EncodingRemedy}");
        }

        return wrong;
    }

    /// <summary>The encoding of the connection's database; null when it is the right one.</summary>
    internal static string? WrongEncoding(NpgsqlConnection connection) =>
        connection.PostgresParameters.GetValueOrDefault("server_encoding") is { } encoding && encoding != "UTF8" ? encoding : null;

    /// <summary>The columns of a module's tables, one a line, partitions left out: <c>runtime.jobs.kind text not null</c>.</summary>
    internal static Task<IReadOnlyList<string>> ColumnsAsync(DbSession db, IEnumerable<string> schemas) =>
        db.ListAsync<string>(
            """
            select n.nspname || '.' || c.relname || '.' || a.attname || ' '
                   || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
              from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = any(@schemas) and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
             order by 1
            """,
            new { schemas = schemas.ToArray() }
        );

    private static async Task<Dictionary<(string, int), string>> AppliedAsync(DbSession db) =>
        (await db.ListAsync<Applied>("select module, version, checksum from gatehouse.migrations")).ToDictionary(
            a => (a.Module, a.Version),
            a => a.Checksum
        );

    private static string Word(MigrationTarget target) => target == MigrationTarget.Main ? "main database" : "key store";

    private NpgsqlDataSource Source(MigrationTarget target) => target == MigrationTarget.Main ? sources.Main : sources.Keys;

    private sealed class Applied
    {
        public string Module { get; init; } = "";

        public int Version { get; init; }

        public string Checksum { get; init; } = "";
    }
}

/// <summary>The databases and this program do not fit. The message names every difference.</summary>
public sealed class SchemaException(IReadOnlyList<string> differences) : Exception(string.Join(Environment.NewLine, differences));
