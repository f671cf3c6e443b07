using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Gatehouse.SystemTests.Harness;

/// <summary>What lies in the databases, whatever the tables are.</summary>
internal static class Stored
{
    private static readonly string[] DevelopmentOnly = ["notifications.inbox_messages"];

    /// <summary>Every column, of both databases, that holds the text or the bytes; the development inbox is left out.</summary>
    public static async Task<IReadOnlyList<string>> PlacesOfAsync(this TestApp app, string text, byte[]? bytes = null)
    {
        var places = new List<string>();
        foreach (var database in new[] { app.Databases.Main, app.Databases.Keys })
        {
            await using var source = NpgsqlDataSource.Create(database + ";Maximum Pool Size=1");
            var columns = await ColumnsAsync(source);
            // One question over all columns; each answers with its place.
            await using var command = source.CreateCommand(
                string.Join(
                    " union all ",
                    columns.Select(c => $"(select '{c.Table}.{c.Column}' from {c.Table} where {Condition(c.Column, c.IsBinary)} limit 1)")
                )
            );
            command.Parameters.Add(new NpgsqlParameter { Value = text });
            command.Parameters.Add(new NpgsqlParameter { Value = bytes ?? [], NpgsqlDbType = NpgsqlDbType.Bytea });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                places.Add(reader.GetString(0));
        }

        return places;
    }

    /// <summary>How many rows each table has, and how many tries are left in all: equal before and after means nothing was
    /// stored.</summary>
    public static async Task<string> FootprintAsync(this TestApp app)
    {
        await app.QuietAsync();
        // What has ended may be purged at any moment.
        var now = app.Clock.GetUtcNow();
        var main = await app.ScalarAsync<string>(
            """
            with pending as (select * from identity.verifications where purpose = 'registration' and expires_at > $1)
            select concat_ws(' ',
                (select count(*) from identity.users), (select count(*) from identity.identifiers),
                (select concat_ws(' ', count(*), sum(attempts_remaining), sum(sends)) from pending),
                (select concat_ws(' ', count(*), sum(attempts_remaining), sum(sends)) from identity.verifications
                 where purpose = 'password-reset' and expires_at > $1),
                (select sum(sends) from identity.code_quotas where window_ends_at > $1),
                (select count(*) from runtime.events where occurred_at > $1 - interval '25 days'),
                (select count(*) from runtime.jobs),
                (select count(*) from runtime.idempotency_keys where created_at > $1 - interval '1 day'),
                (select count(*) from notifications.inbox_messages))
            """,
            now
        );
        var keys = await app.KeyScalarAsync<long>(
            "select count(*) from keys.subject_keys where expires_at is null or expires_at > $1",
            now
        );
        return string.Create(CultureInfo.InvariantCulture, $"{main} {keys}");
    }

    private static string Condition(string column, bool isBinary) =>
        isBinary
            ? $"position(convert_to($1, 'UTF8') in {column}) > 0 or ($2 <> ''::bytea and position($2 in {column}) > 0)"
            : $"position($1 in {column}::text) > 0 or ($2 <> ''::bytea and position(encode($2, 'base64') in {column}::text) > 0)";

    private static async Task<IReadOnlyList<(string Table, string Column, bool IsBinary)>> ColumnsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            """
            select n.nspname || '.' || quote_ident(c.relname), quote_ident(a.attname), a.atttypid = 'bytea'::regtype
              from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
             where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
               and a.attnum > 0
               and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
            """
        );
        var columns = new List<(string, string, bool)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return [.. columns.Where(c => !DevelopmentOnly.Contains(c.Item1, StringComparer.Ordinal))];
    }
}
