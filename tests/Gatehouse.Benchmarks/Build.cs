using Gatehouse.Development.Postgres;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>A published program with databases of its own in the cluster of the bench.</summary>
/// <param name="folder">Where its data folder is made.</param>
internal sealed class Build(string program, string folder, string database, EmbeddedPostgres postgres)
{
    public async Task PrepareAsync()
    {
        foreach (var name in new[] { database, database + "_keys" })
            await postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        // Migrates.
        await (await StartAsync()).DisposeAsync();
    }

    /// <summary>
    /// Sessions of users who are not measured: a table of a few is read as a whole by the statement that refreshes share, that of an
    /// installation with users by its index.
    /// </summary>
    public async Task FillAsync()
    {
        await using var source = OpenDatabase();
        await using var fill = source.CreateCommand(
            """
            insert into identity.sessions (tenant_id, id, user_id, seed, generation, rotated_at, method, device, network, authenticated_at,
                                           created_at, used_at, idle_ends_at, ends_at)
            select t.id, gen_random_uuid(), gen_random_uuid(), '', 1, now(), 'password', '', '', now(),
                   now(), now(), now() + interval '20 days', now() + interval '20 days'
              from (select id from organizations.tenants order by id limit 1) t, generate_series(1, 20000)
            """
        );
        await fill.ExecuteNonQueryAsync();
        await using var analyze = source.CreateCommand("vacuum analyze identity.sessions");
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>As the program keeps it in its data folder.</summary>
    public async Task<string> MasterKeyAsync() => "development:" + (await File.ReadAllTextAsync(Path.Combine(folder, "master.key"))).Trim();

    public NpgsqlDataSource OpenKeys() => NpgsqlDataSource.Create(postgres.ConnectionString(database + "_keys"));

    public NpgsqlDataSource OpenDatabase() => NpgsqlDataSource.Create(postgres.ConnectionString(database));

    public Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = Databases();
        environment["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "true";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
            environment[name] = value;
        return ServerProcess.StartAsync(program, port => ["serve", "--port", port, .. Place], environment);
    }

    /// <summary>Runs a command of the program to its end; what it printed.</summary>
    public Task<string> CommandAsync(IReadOnlyList<string> arguments, string input) =>
        ServerProcess.RunAsync(program, [.. arguments, .. Place], Databases(), input);

    /// <summary>The same with further settings.</summary>
    public Task<string> CommandAsync(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> arguments)
    {
        var environment = Databases();
        foreach (var (name, value) in settings)
            environment[name] = value;
        return ServerProcess.RunAsync(program, [.. arguments, .. Place], environment, input: "");
    }

    private string[] Place => ["--dev", "--data", folder];

    private Dictionary<string, string> Databases() =>
        new(StringComparer.Ordinal)
        {
            ["GATEHOUSE__DATABASE__CONNECTIONSTRING"] = postgres.ConnectionString(database),
            ["GATEHOUSE__DATABASE__KEYSCONNECTIONSTRING"] = postgres.ConnectionString(database + "_keys"),
        };
}
