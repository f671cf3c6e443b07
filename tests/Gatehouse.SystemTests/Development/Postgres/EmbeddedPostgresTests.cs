using System.Diagnostics;
using Dapper;
using Gatehouse.Development.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gatehouse.SystemTests.Development.Postgres;

[Trait("Speed", "Slow")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_first_start_makes_both_databases_and_a_second_finds_the_same_data()
    {
        await using (var first = await StartedAsync())
        {
            await first.QueryAsync<object>("CREATE TABLE kept AS SELECT 42 AS answer");
            Assert.Equal("UTF8", await first.QueryAsync<string>("SHOW server_encoding"));
            Assert.Equal("on", await first.QueryAsync<string>("SHOW data_checksums"));
            Assert.Equal("", await first.QueryAsync<string>("SHOW listen_addresses"));
            Assert.Equal(1, await first.QueryAsync<int>("SELECT 1", EmbeddedPostgres.KeyDatabase));
        }

        await using var second = await StartedAsync();

        Assert.Equal(42, await second.QueryAsync<int>("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Databases_are_made_from_a_template_and_dropped_while_in_use()
    {
        await using var running = await StartedAsync();
        await running.Postgres.CreateDatabaseAsync("pattern", template: null, CancellationToken.None);
        await running.QueryAsync<object>("CREATE TABLE of_pattern AS SELECT 7 AS seven", "pattern");

        await running.Postgres.CreateDatabaseAsync("copy \"1\"", "pattern", CancellationToken.None);

        Assert.Equal(7, await running.QueryAsync<int>("SELECT seven FROM of_pattern", "copy \"1\""));
        await running.Postgres.DropDatabaseAsync("copy \"1\"", CancellationToken.None);
        await running.Postgres.DropDatabaseAsync("copy \"1\"", CancellationToken.None);
        Assert.Equal(0L, await running.QueryAsync<long>("SELECT count(*) FROM pg_database WHERE datname LIKE 'copy%'"));
    }

    [Fact]
    public async Task Stopping_leaves_no_process_and_may_be_repeated()
    {
        await using var running = await StartedAsync();
        var server = running.ServerId;

        await running.Postgres.StopAsync(CancellationToken.None);
        await running.Postgres.StopAsync(CancellationToken.None);

        AssertHasEnded(server);
    }

    [Fact]
    public async Task A_server_that_was_killed_recovers_what_was_committed()
    {
        await using (var first = await StartedAsync(settings: []))
        {
            await first.QueryAsync<object>("CREATE TABLE kept AS SELECT 42 AS answer");
            Process.GetProcessById(first.ServerId).Kill();
            await first.Postgres.StopAsync(CancellationToken.None);
        }

        await using var second = await StartedAsync();

        Assert.Equal(42, await second.QueryAsync<int>("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_server_that_outlived_its_gatehouse_is_adopted_and_then_stopped()
    {
        var killed = await StartedAsync();
        var server = killed.ServerId;
        killed.Folder.Dispose();

        await using (var next = await StartedAsync())
        {
            Assert.Equal(server, next.ServerId);
            Assert.Equal(1, await next.QueryAsync<int>("SELECT 1"));
        }

        AssertHasEnded(server);
    }

    // By its command line: one that has ended keeps its number until its parent has asked for the exit code.
    private static void AssertHasEnded(int server) =>
        Assert.False(
            PostmasterFile.IsServer(
                new PostmasterFile
                {
                    ProcessId = server,
                    SocketFolder = null,
                    Status = "",
                }.CommandLine()
            )
        );

    [Fact]
    public async Task A_process_number_that_another_program_has_by_now_is_not_mistaken_for_the_server()
    {
        await using (await StartedAsync()) { }

        var stale = Path.Combine(place.FullPath, "postgres", "cluster", PostmasterFile.Name);
        await File.WriteAllTextAsync(
            stale,
            Invariant($"{Environment.ProcessId}\n{place.FullPath}\n1793000000\n5432\n/tmp\n\n1 3\nready\n")
        );

        await using var second = await StartedAsync();

        Assert.NotEqual(Environment.ProcessId, second.ServerId);
    }

    [Fact]
    public async Task A_cluster_that_was_half_made_is_made_again()
    {
        await using (await StartedAsync()) { }

        var server = Path.Combine(place.FullPath, "postgres");
        Directory.Move(Path.Combine(server, "cluster"), Path.Combine(server, "cluster.new"));

        await using var second = await StartedAsync();

        Assert.Equal(1, await second.QueryAsync<int>("SELECT 1"));
        Assert.False(Directory.Exists(Path.Combine(server, "cluster.new")));
    }

    [Fact]
    public async Task Ctrl_c_in_the_terminal_does_not_reach_the_server()
    {
        await using var running = await StartedAsync();

        // proc(5): after the name in brackets come state, parent, process group and session. A terminal signals a group of its own session
        // only.
        var facts = await File.ReadAllTextAsync(Invariant($"/proc/{running.ServerId}/stat"));
        var numbers = facts[(facts.LastIndexOf(')') + 2)..].Split(' ');

        Assert.Equal(Invariant($"{running.ServerId}"), numbers[2]);
        Assert.Equal(Invariant($"{running.ServerId}"), numbers[3]);
    }

    [Theory]
    [InlineData("a folder, with 'odd' \"signs\" = $HOME; ä")]
    [InlineData("a-name-that-is-too-long-for-a-socket-a-name-that-is-too-long-for-a-socket-a-name-that-is-too-long-for-a-socket")]
    public async Task Every_path_can_be_a_data_folder(string name)
    {
        await using var running = await StartedAsync(name: name);

        Assert.Equal(1, await running.QueryAsync<int>("SELECT 1"));
        await running.Postgres.StopAsync(CancellationToken.None);

        // What was put among the temporary files goes with the server; what lies in the data folder stays.
        var serverFolder = Path.Combine(place.FullPath, name, "postgres");
        var socketFolder = SocketFolder.Choose(serverFolder, Path.GetTempPath());
        Assert.Equal(socketFolder == serverFolder, Directory.Exists(socketFolder));
    }

    [Fact]
    public async Task A_socket_folder_prepared_by_somebody_else_is_rejected()
    {
        var name = new string('n', 120);
        var socketFolder = SocketFolder.Choose(Path.Combine(place.FullPath, name, "postgres"), Path.GetTempPath());
        Directory.CreateDirectory(socketFolder);
        File.SetUnixFileMode(socketFolder, (UnixFileMode)0b111_111_111);
        using var folder = new DataFolder(Path.Combine(place.FullPath, name), TimeProvider.System);
        Assert.Null(await folder.OpenAsync("", CancellationToken.None));
        await using var postgres = NewPostgres(folder, []);

        var rejection = await postgres.StartAsync(CancellationToken.None);

        Directory.Delete(socketFolder);
        Assert.Contains(socketFolder, rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_explained_and_left_alone()
    {
        await using (await StartedAsync()) { }

        var version = Path.Combine(place.FullPath, "postgres", "cluster", "PG_VERSION");
        await File.WriteAllTextAsync(version, "12\n");
        using var folder = new DataFolder(place.FullPath, TimeProvider.System);
        Assert.Null(await folder.OpenAsync("", CancellationToken.None));
        await using var postgres = NewPostgres(folder, []);

        var rejection = await postgres.StartAsync(CancellationToken.None);

        Assert.Contains("created by PostgreSQL 12", rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why_in_its_own_words()
    {
        using var folder = new DataFolder(place.FullPath, TimeProvider.System);
        Assert.Null(await folder.OpenAsync("", CancellationToken.None));
        await using var postgres = NewPostgres(folder, ["shared_buffers=many"]);

        var rejection = await postgres.StartAsync(CancellationToken.None);

        Assert.Contains("shared_buffers", rejection!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_the_postgres_account_cannot_reach_is_named()
    {
        // Only root runs PostgreSQL under another account.
        if (!Environment.IsPrivilegedProcess)
            return;
        var closed = Path.Combine(place.FullPath, "closed");
        Directory.CreateDirectory(place.FullPath);
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var folder = new DataFolder(Path.Combine(closed, "data"), TimeProvider.System);
        Assert.Null(await folder.OpenAsync("", CancellationToken.None));
        await using var postgres = NewPostgres(folder, []);

        var rejection = await postgres.StartAsync(CancellationToken.None);

        Assert.Contains($"has no access to {closed}.", rejection!.Problem, StringComparison.Ordinal);
        Assert.Contains("DATA=", rejection.Remedy, StringComparison.Ordinal);
    }

    private async Task<Running> StartedAsync(string name = "", string[]? settings = null)
    {
        var folder = new DataFolder(Path.Combine(place.FullPath, name), TimeProvider.System);
        Assert.Null(await folder.OpenAsync("http://localhost:8080", CancellationToken.None));
        var postgres = NewPostgres(folder, settings ?? ["fsync=off"]);
        Assert.Null(await postgres.StartAsync(CancellationToken.None));
        return new Running(folder, postgres);
    }

    private static EmbeddedPostgres NewPostgres(DataFolder folder, string[] settings) =>
        new(folder, TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance, settings);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Running(DataFolder Folder, EmbeddedPostgres Postgres) : IAsyncDisposable
    {
        public int ServerId => PostmasterFile.Read(Path.Combine(Folder.FullPath, "postgres", "cluster"))!.ProcessId;

        public async Task<T?> QueryAsync<T>(string sql, string database = EmbeddedPostgres.MainDatabase)
        {
            await using var connection = new NpgsqlConnection(Postgres.ConnectionString(database) + ";Pooling=false");
            return await connection.ExecuteScalarAsync<T>(sql);
        }

        public async ValueTask DisposeAsync()
        {
            await Postgres.DisposeAsync();
            Folder.Dispose();
        }
    }
}
