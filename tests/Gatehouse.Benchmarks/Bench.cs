using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Development.Kafka;
using Gatehouse.Development.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// Measures the published program on a fresh database cluster whose writes are durable, from this separate process. Every figure stands
/// beside a ceiling taken in the same run, because machines differ and shared ones differ from minute to minute.
/// </summary>
internal sealed class Bench(string program, bool quick, EmbeddedPostgres postgres)
{
    private const string MainDatabase = "bench";
    private readonly Figures figures = new();
    private readonly NpgsqlConnectionStringBuilder cluster = new(postgres.ConnectionString("postgres"));

    /// <param name="only">Leaves everything out but what administrators (<c>administration</c>) or relying services (<c>rpc</c>) wait
    /// for, or users created in the background (<c>creation</c>).</param>
    public static async Task<int> RunAsync(string program, bool quick, string? only)
    {
        var path = Path.Combine(Path.GetTempPath(), "gatehouse-bench-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        try
        {
            using var folder = new DataFolder(path, TimeProvider.System);
            await using var postgres = new EmbeddedPostgres(folder, TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
            var fault = await folder.OpenAsync("the bench", CancellationToken.None) ?? await postgres.StartAsync(CancellationToken.None);
            if (fault is not null)
            {
                await Console.Error.WriteLineAsync(fault.ToString());
                return 1;
            }

            var bench = new Bench(program, quick, postgres);
            await (
                only switch
                {
                    "administration" => bench.MeasureOnlyAsync(path, bench.MeasureAdministrationAsync),
                    "rpc" => bench.MeasureOnlyAsync(path, bench.MeasureRpcAsync),
                    "creation" => bench.MeasureOnlyAsync(path, bench.MeasureCreationAsync),
                    _ => bench.MeasureAsync(path),
                }
            );
            return 0;
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private async Task MeasureAsync(string folder)
    {
        foreach (var database in new[] { MainDatabase, MainDatabase + "_keys", "pgbench" })
            await postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await Ceilings.PreparePgBenchAsync(cluster);
        var updates = await Ceilings.PgBenchAsync(cluster, "-N", quick ? 4 : 15);
        var reads = await Ceilings.PgBenchAsync(cluster, "-S", quick ? 3 : 10);
        figures.Add(
            "PostgreSQL's own bench: updates, reads",
            $"{Figures.Rate(updates)}, {Figures.Rate(reads)}",
            "–",
            "–",
            "–",
            "the cluster, 16 clients, prepared statements"
        );
        var hashes = await Ceilings.HashesAsync(TimeSpan.FromSeconds(quick ? 3 : 10));
        figures.Add("Password hashes, nothing else running", Figures.Rate(hashes), "–", "–", "–", "memory: pages mapped for each hash");

        await MeasureStartAsync(folder);
        await MeasureServerAsync(folder, updates, hashes);
        await MeasureTransportsAsync(folder);
        await MeasureRpcAsync(folder);
        await MeasureCreationAsync(folder);
        await MeasureAdministrationAsync(folder);
        figures.Print();
    }

    private async Task MeasureOnlyAsync(string folder, Func<string, Task> measure)
    {
        foreach (var database in new[] { MainDatabase, MainDatabase + "_keys" })
            await postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        // Migrates.
        await (await StartServerAsync(folder)).DisposeAsync();
        await measure(folder);
        figures.Print();
    }

    private async Task MeasureServerAsync(string folder, double updates, double hashes)
    {
        await using var server = await StartServerAsync(folder);
        await MeasureIdleAsync(server);

        await using var database2 = NpgsqlDataSource.Create(postgres.ConnectionString(MainDatabase));
        await using var people = new TestUsers(server.Address, database2);
        var measures = new HttpMeasures(server.Address, people, figures, quick);
        await measures.RegistrationsAsync(hashes);
        var users = await measures.VerificationsAsync(updates);
        await measures.KnownAndUnknownAsync(users);
        await measures.SignInsAsync(users, hashes);
        await measures.RefreshesAsync(users, updates);
        await measures.OwnAccountAsync(users[0]);
        await DelayAsync(database2);
        await measures.UsernamesAsync();
        var (resident, proportional) = await server.MemoryAsync();
        figures.Add(
            "Memory after all this",
            Figures.Megabytes(resident),
            $"{Figures.Megabytes(proportional)} proportional",
            "–",
            "–",
            "heap and pools that the load made grow"
        );
    }

    private async Task MeasureTransportsAsync(string folder)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString(MainDatabase));
        var measures = new TransportMeasures(settings => StartServerAsync(folder, settings), database, figures, quick);
        await measures.MeasureAsync("in process", new Dictionary<string, string>(StringComparer.Ordinal));
        using var broker = new DevelopmentBroker();
        await measures.MeasureAsync(
            "Kafka",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GATEHOUSE__KAFKA__SERVERS"] = broker.Servers,
                ["GATEHOUSE__KAFKA__GROUPPROTOCOL"] = "consumer",
            }
        );
    }

    private async Task MeasureCreationAsync(string folder)
    {
        var hashes = await Ceilings.HashesAsync(TimeSpan.FromSeconds(quick ? 3 : 10));
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString(MainDatabase));
        var measures = new CreationMeasures(
            settings => StartServerAsync(folder, settings),
            (arguments, input) => ServerProcess.RunAsync(program, [.. arguments, .. Place(folder)], Databases(), input),
            database,
            figures,
            quick
        );
        await measures.MeasureAsync(hashes);
    }

    private async Task MeasureAdministrationAsync(string folder)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString(MainDatabase));
        var measures = new AdministrationMeasures(
            settings => StartServerAsync(folder, settings),
            (arguments, input) => ServerProcess.RunAsync(program, [.. arguments, .. Place(folder)], Databases(), input),
            database,
            figures,
            quick
        );
        await measures.MeasureAsync();
    }

    private async Task MeasureRpcAsync(string folder)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString(MainDatabase));
        var measures = new RpcMeasures(
            settings => StartServerAsync(folder, settings),
            StartBareRpcAsync,
            StartRelyingAsync,
            arguments => ServerProcess.RunAsync(program, [.. arguments, .. Place(folder)], Databases(), input: ""),
            database,
            figures,
            quick
        );
        await measures.MeasureAsync();
    }

    private static string[] Place(string folder) => ["--dev", "--data", Path.Combine(folder, "server")];

    private Dictionary<string, string> Databases() =>
        new(StringComparer.Ordinal)
        {
            ["GATEHOUSE__DATABASE__CONNECTIONSTRING"] = postgres.ConnectionString(MainDatabase),
            ["GATEHOUSE__DATABASE__KEYSCONNECTIONSTRING"] = postgres.ConnectionString(MainDatabase + "_keys"),
        };

    private async Task MeasureStartAsync(string folder)
    {
        // The first migrates.
        await (await StartServerAsync(folder)).DisposeAsync();
        var own = new List<TimeSpan>();
        var bare = new List<TimeSpan>();
        for (var run = 0; run < (quick ? 3 : 9); run++)
        {
            await using (var server = await StartServerAsync(folder))
                own.Add(server.UntilReady);
            await using (var server = await StartBareAsync())
                bare.Add(server.UntilReady);
        }

        var (figure, ceiling) = (Statistics.Median(own), Statistics.Median(bare));
        figures.Add(
            "Start to ready, database running (median)",
            Figures.Milliseconds(figure),
            $"{Figures.Milliseconds(ceiling)} (bare ASP.NET Core host)",
            Figures.Times(figure.TotalSeconds, ceiling.TotalSeconds),
            "≤ 1 s",
            "loading types, and compiling what cannot be compiled ahead"
        );
    }

    private async Task MeasureIdleAsync(ServerProcess server)
    {
        await using var bare = await StartBareAsync();
        var wait = TimeSpan.FromSeconds(quick ? 10 : 60);
        await Task.Delay(wait, TimeProvider.System, CancellationToken.None);
        var (resident, proportional) = await server.MemoryAsync();
        var (bareResident, bareProportional) = await bare.MemoryAsync();
        figures.Add(
            string.Create(CultureInfo.InvariantCulture, $"Idle memory {wait.TotalSeconds:0} s after start: resident (proportional)"),
            $"{Figures.Megabytes(resident)} ({Figures.Megabytes(proportional)})",
            $"{Figures.Megabytes(bareResident)} ({Figures.Megabytes(bareProportional)}) (bare host)",
            Figures.Times(resident, bareResident),
            "≤ 150 MB",
            "files of assemblies mapped into memory"
        );
    }

    private async Task DelayAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select percentile_cont(array[0.5, 0.99]) within group (order by extract(epoch from m.sent_at - e.occurred_at) * 1000)
              from (select * from runtime.events where type = 'notification.requested.v1' order by xid desc limit 200) e
              join notifications.inbox_messages m on m.id = (e.data::json ->> 'notificationId')::uuid
            """
        );
        var delays = (double[])(await command.ExecuteScalarAsync())!;
        figures.Add(
            "Change → mail handed over, light load: median, p99",
            $"{Figures.Milliseconds(TimeSpan.FromMilliseconds(delays[0]))}, {Figures.Milliseconds(TimeSpan.FromMilliseconds(delays[1]))}",
            "–",
            "–",
            "–",
            "round trips to the database: log, inbox, lease, key, hand-over"
        );
    }

    private Task<ServerProcess> StartServerAsync(string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = Databases();
        environment["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "true";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
            environment[name] = value;
        return ServerProcess.StartAsync(program, port => ["serve", "--port", port, .. Place(folder)], environment);
    }

    private static async Task<(ServerProcess, Uri)> StartBareRpcAsync()
    {
        var port = ServerProcess.FreePort();
        var server = await ServerProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Gatehouse.Benchmarks"),
            http => ["bare-rpc", http, port],
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        return (server, new Uri($"http://127.0.0.1:{port}"));
    }

    private static Task<ServerProcess> StartRelyingAsync(string[] settings) =>
        ServerProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Gatehouse.Benchmarks"),
            port => ["relying", port, .. settings],
            new Dictionary<string, string>(StringComparer.Ordinal)
        );

    private static Task<ServerProcess> StartBareAsync() =>
        ServerProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Gatehouse.Benchmarks"),
            port => ["bare", port],
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
}

internal static class Statistics
{
    public static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
