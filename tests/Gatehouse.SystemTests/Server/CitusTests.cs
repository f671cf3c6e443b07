using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse citus</c>. Citus itself is not here: functions of its names keep the rules that it has.</summary>
[Trait("Speed", "Slow")]
public sealed class CitusTests(RunningApp running)
{
    // What Citus asks of a distributed table: each unique constraint has the column, what it refers to is distributed already, and so is
    // what it is to lie with.
    private const string Citus = """
        -- Not in the schema of the user's name, which is the first of the search path.
        set search_path to public;
        create table pg_dist_partition (logicalrelid regclass primary key, kind text not null, number bigint generated always as identity);

        create function distribute(name regclass, kind text) returns void language plpgsql as $$
        begin
            if exists (select from pg_constraint k where k.conrelid = name and k.contype = 'f' and k.confrelid <> name
                          and not exists (select from pg_dist_partition d where d.logicalrelid = k.confrelid)) then
                raise 'referenced table of % is not distributed', name;
            end if;
            insert into pg_dist_partition (logicalrelid, kind) values (name, kind);
        end $$;

        create function create_reference_table(name regclass) returns void language sql as $$ select distribute(name, 'n') $$;

        create function create_distributed_table(name regclass, key text, colocate_with text) returns void language plpgsql as $$
        begin
            if exists (select from pg_index i where i.indrelid = name and i.indisunique
                          and not exists (select from pg_attribute a
                                           where a.attrelid = name and a.attname = key and a.attnum = any(i.indkey))) then
                raise 'a unique index of % has no %', name, key;
            end if;
            if colocate_with <> 'none'
               and not exists (select from pg_dist_partition where logicalrelid = colocate_with::regclass and kind = 'h') then
                raise '% cannot lie with %', name, colocate_with;
            end if;
            perform distribute(name, 'h');
        end $$;
        """;

    [Fact]
    public async Task The_statements_distribute_every_table_but_the_local_ones_and_can_be_run_again()
    {
        var undistributed = running.App.Services.UndistributedTables();
        var settings = await ServeTests.SettingsAsync();
        await using var database = NpgsqlDataSource.Create(settings["Database:ConnectionString"]!);
        await ExecuteAsync(database, Citus);
        // Against the alphabet.
        await ExecuteAsync(
            database,
            "alter table identity.identifiers add foreign key (tenant_id, user_id) references identity.users (tenant_id, id)"
        );

        await using var run = await GatehouseProcess.RunAsync(["citus"], settings);

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        await ExecuteAsync(database, run.Output);
        var all = await NamesAsync(
            database,
            """
            select relnamespace::regnamespace || '.' || relname from pg_class
             where relkind in ('r', 'p') and not relispartition and relname <> 'pg_dist_partition'
               and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
            """
        );
        const string Distributed = """
            select relnamespace::regnamespace || '.' || relname from pg_dist_partition join pg_class on oid = logicalrelid
             where kind = any($1) order by number
            """;
        var byTenant = await NamesAsync(database, Distributed, "h");
        Assert.Equal(undistributed.Reference, await NamesAsync(database, Distributed, "n"));
        Assert.Equal(
            all.Except(undistributed.Local, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            byTenant.Concat(undistributed.Reference).Order(StringComparer.Ordinal)
        );
        Assert.Contains("identity.identifiers", byTenant);

        await ExecuteAsync(database, run.Output);
        Assert.Equal(byTenant, await NamesAsync(database, Distributed, "h"));
    }

    [Fact]
    public async Task A_table_that_nothing_names_is_told_and_no_statement_is_printed()
    {
        var settings = await ServeTests.SettingsAsync();
        await using var database = NpgsqlDataSource.Create(settings["Database:ConnectionString"]!);
        await ExecuteAsync(database, "create table identity.forgotten (id uuid primary key); create table public.foreign_to_us (id int)");

        await using var run = await GatehouseProcess.RunAsync(["citus"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Equal("Nothing says how these tables are distributed: identity.forgotten.", run.Errors);
    }

    [Fact]
    public async Task A_database_without_its_schema_is_to_be_migrated_first()
    {
        var settings = await ServeTests.SettingsAsync(await (await TestDatabases.GetAsync()).CreateEmptyAsync());

        await using var run = await GatehouseProcess.RunAsync(["citus"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Contains("run 'gatehouse migrate'", run.Errors, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlDataSource database, string sql, params string[] kinds)
    {
        await using var command = database.CreateCommand(sql);
        if (kinds.Length > 0)
            command.Parameters.Add(new NpgsqlParameter { Value = kinds });
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}
