using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Core.Postgres;

public sealed class MigratorTests
{
    [Fact]
    public async Task Two_nodes_that_start_together_on_empty_databases_migrate_once_and_agree_on_the_keys()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateEmptyAsync();
        var nodes = await Task.WhenAll(TestApp.StartAsync(databases), TestApp.StartAsync(databases));
        await using var a = nodes[0];
        await using var b = nodes[1];

        Assert.Equal("ready", await a.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        Assert.Equal("ready", await b.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        Assert.Equal(1L, await a.ScalarAsync<long>("select count(*) from gatehouse.migrations where module = 'runtime' and version = 1"));
        foreach (var name in new[] { ServerKeys.Codes, ServerKeys.BlindIndex, ServerKeys.Idempotency })
            Assert.Equal(a.Services.GetRequiredService<ServerKeys>().Get(name), b.Services.GetRequiredService<ServerKeys>().Get(name));
    }

    [Fact]
    public async Task A_script_that_was_applied_with_another_content_stops_the_start() =>
        Assert.Contains(
            "identity V001__accounts was applied with different content: this program and the main database do not belong together.",
            await RejectionAsync("update gatehouse.migrations set checksum = 'other' where module = 'identity'"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Every_missing_or_changed_column_is_named()
    {
        var rejection = await RejectionAsync(
            "alter table identity.users drop column language; alter table runtime.jobs alter column reason type varchar(9)"
        );

        Assert.Contains("is missing the column 'identity.users.language text not null'", rejection, StringComparison.Ordinal);
        Assert.Contains("is missing the column 'runtime.jobs.reason text'", rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_release_may_have_gone_ahead()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await ChangeAsync(
            databases.Main,
            """
            insert into gatehouse.migrations values ('identity', 999, 'V999__later', 'unknown', now());
            alter table identity.users add column later text;
            """
        );
        await using var app = await TestApp.StartAsync(databases);

        Assert.Equal("ready", await app.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
    }

    [Fact]
    public async Task Where_the_server_may_not_migrate_an_old_schema_stops_the_start_and_says_what_to_run()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:MigrateAtStart"] = "false" };
        var empty = await (await TestDatabases.GetAsync()).CreateEmptyAsync();
        var nothing = await Assert.ThrowsAsync<SchemaException>(() => TestApp.StartAsync(empty, settings: settings));
        Assert.Contains("The main database has no schema yet: run 'gatehouse migrate'.", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("The key store has no schema yet: run 'gatehouse migrate'.", nothing.Message, StringComparison.Ordinal);

        var old = await (await TestDatabases.GetAsync()).CreateAsync();
        await ChangeAsync(old.Main, "delete from gatehouse.migrations where module = 'notifications'");
        var behind = await Assert.ThrowsAsync<SchemaException>(() => TestApp.StartAsync(old, settings: settings));
        Assert.Equal(
            "notifications V001__inbox is not applied to the main database: run 'gatehouse migrate'.\n"
                + "notifications V002__suppressions is not applied to the main database: run 'gatehouse migrate'.\n"
                + "notifications V003__messages_to_phones is not applied to the main database: run 'gatehouse migrate'.",
            behind.Message
        );
    }

    private static async Task<string> RejectionAsync(string change)
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await ChangeAsync(databases.Main, change);
        return (await Assert.ThrowsAsync<SchemaException>(() => TestApp.StartAsync(databases))).Message;
    }

    private static async Task ChangeAsync(string database, string change)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand(change);
        await command.ExecuteNonQueryAsync();
    }
}
