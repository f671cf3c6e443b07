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
internal sealed class Bench(Build build, bool quick, EmbeddedPostgres postgres)
{
    private readonly Figures figures = new();
    private readonly NpgsqlConnectionStringBuilder cluster = new(postgres.ConnectionString("postgres"));

    /// <param name="only">Leaves everything out but what administrators (<c>administration</c>), relying services (<c>rpc</c>) or
    /// applications (<c>openid</c>) wait for, the food-delivery adapter (<c>food</c>), the hand-over of events (<c>transports</c>), users
    /// created in the background (<c>creation</c>), sign-ins with a second factor or without a password (<c>factors</c>), users from
    /// creation to erasing (<c>cycles</c>), photos (<c>files</c>), events posted to others and read again (<c>webhooks</c>), the
    /// replacement of a master key (<c>keys</c>), or users who take their data along (<c>export</c>).</param>
    /// <param name="baseline">The program of another build, measured in turn with this one; null to measure this one alone.</param>
    public static async Task<int> RunAsync(string program, bool quick, string? only, string? baseline)
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

            var build = new Build(program, Path.Combine(path, "server"), "bench", postgres);
            var bench = new Bench(build, quick, postgres);
            await (
                (baseline, only) switch
                {
                    ({ } other, _) => CompareAsync(new Build(other, Path.Combine(path, "baseline"), "baseline", postgres), build, quick),
                    (_, "administration") => bench.MeasureOnlyAsync(bench.MeasureAdministrationAsync),
                    (_, "food") => bench.MeasureOnlyAsync(bench.MeasureFoodAsync),
                    (_, "transports") => bench.MeasureOnlyAsync(bench.MeasureTransportsAsync),
                    (_, "rpc") => bench.MeasureOnlyAsync(bench.MeasureRpcAsync),
                    (_, "openid") => bench.MeasureOnlyAsync(bench.MeasureOpenIdAsync),
                    (_, "webhooks") => bench.MeasureOnlyAsync(bench.MeasureWebhooksAsync),
                    (_, "factors") => bench.MeasureOnlyAsync(bench.MeasureFactorsAloneAsync),
                    (_, "cycles") => bench.MeasureOnlyAsync(bench.MeasureCyclesAloneAsync),
                    (_, "files") => bench.MeasureOnlyAsync(bench.MeasurePhotosAsync),
                    (_, "keys") => bench.MeasureOnlyAsync(bench.MeasureKeysAsync),
                    (_, "creation") => bench.MeasureOnlyAsync(bench.MeasureCreationAsync),
                    (_, "export") => bench.MeasureOnlyAsync(bench.MeasureExportAsync),
                    _ => bench.MeasureAsync(),
                }
            );
            return 0;
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private async Task MeasureAsync()
    {
        await build.PrepareAsync();
        await build.FillAsync();
        var updates = await UpdatesAsync();
        var reads = await Ceilings.PgBenchAsync(cluster, "-S", quick ? 3 : 10);
        figures.Add(
            "PostgreSQL's own bench: updates, reads",
            $"{Figures.Rate(updates)}, {Figures.Rate(reads)}",
            "–",
            "–",
            "–",
            "the cluster, 16 clients, prepared statements"
        );
        var hashes = await HashesAsync();
        figures.Add("Password hashes, nothing else running", Figures.Rate(hashes), "–", "–", "–", "memory: pages mapped for each hash");

        await MeasureStartAsync();
        await MeasureServerAsync(updates, hashes);
        await MeasureTransportsAsync();
        await MeasureRpcAsync();
        await MeasureFoodAsync();
        await MeasureOpenIdAsync();
        await MeasureCreationAsync();
        await MeasureFactorsAsync(updates, hashes);
        await MeasureCyclesAsync(updates);
        await MeasurePhotosAsync();
        await MeasureWebhooksAsync();
        await MeasureExportAsync();
        await MeasureAdministrationAsync();
        await MeasureKeysAsync();
        figures.Print();
    }

    private async Task MeasureOnlyAsync(Func<Task> measure)
    {
        await build.PrepareAsync();
        await build.FillAsync();
        await measure();
        figures.Print();
    }

    private static async Task CompareAsync(Build baseline, Build current, bool quick)
    {
        await baseline.PrepareAsync();
        await current.PrepareAsync();
        await new Comparison(() => MeasureBuildAsync(baseline), () => MeasureBuildAsync(current)).RunAsync(rounds: quick ? 1 : 3);
    }

    /// <summary>What builds of all ages have: operations a second, milliseconds until it is ready, megabytes afterwards.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> MeasureBuildAsync(Build build)
    {
        var own = new Figures();
        await using var server = await build.StartAsync();
        await using var database = build.OpenDatabase();
        await using var people = new TestUsers(server.Address, database);
        var measures = new HttpMeasures(server.Address, people, own, quick: true);
        await measures.RegistrationsAsync(double.NaN);
        var users = await measures.VerificationsAsync(double.NaN);
        await measures.SignInsAsync(users, double.NaN);
        await measures.RefreshesAsync(users, double.NaN);
        await measures.OwnAccountAsync(users[0]);
        await measures.UsernamesAsync();
        return new Dictionary<string, double>(own.Rates, StringComparer.Ordinal)
        {
            ["Start to ready, ms"] = server.UntilReady.TotalMilliseconds,
            ["Memory after all this, MB"] = (await server.MemoryAsync()).Resident,
        };
    }

    private async Task MeasureServerAsync(double updates, double hashes)
    {
        await using var server = await build.StartAsync();
        await MeasureIdleAsync(server);

        await using var database2 = build.OpenDatabase();
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

    private async Task MeasureTransportsAsync()
    {
        await using var database = build.OpenDatabase();
        var measures = new TransportMeasures(build.StartAsync, database, figures, quick);
        await measures.MeasureAsync("in process", new Dictionary<string, string>(StringComparer.Ordinal));
        figures.Add(
            "Records handed over by a producer that does nothing else",
            Figures.Rate(await BareProducer.RateAsync(TimeSpan.FromSeconds(quick ? 2 : 5))),
            "–",
            "–",
            "–",
            "the development broker, in the process of the bench"
        );
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

    private async Task MeasureCreationAsync()
    {
        var hashes = await HashesAsync();
        await using var database = build.OpenDatabase();
        var measures = new CreationMeasures(build.StartAsync, build.CommandAsync, database, figures, quick);
        await measures.MeasureAsync(hashes);
    }

    private async Task MeasureFactorsAloneAsync() => await MeasureFactorsAsync(await UpdatesAsync(), await HashesAsync());

    private async Task MeasureFactorsAsync(double updates, double hashes)
    {
        await using var database = build.OpenDatabase();
        await new TotpMeasures(build.StartAsync, database, figures, quick).MeasureAsync(hashes);
        await new PasskeyMeasures(build.StartAsync, database, figures, quick).MeasureAsync(updates);
    }

    private async Task MeasureCyclesAloneAsync() => await MeasureCyclesAsync(await UpdatesAsync());

    private async Task MeasureCyclesAsync(double updates)
    {
        await using var database = build.OpenDatabase();
        await new CycleMeasures(build.StartAsync, build.CommandAsync, database, figures, quick).MeasureAsync(updates);
    }

    /// <summary>What the cluster commits a second.</summary>
    private async Task<double> UpdatesAsync()
    {
        await postgres.CreateDatabaseAsync("pgbench", template: null, CancellationToken.None);
        await Ceilings.PreparePgBenchAsync(cluster);
        return await Ceilings.PgBenchAsync(cluster, "-N", quick ? 4 : 15);
    }

    private Task<double> HashesAsync() => Ceilings.HashesAsync(TimeSpan.FromSeconds(quick ? 3 : 10));

    private async Task MeasurePhotosAsync()
    {
        await using var database = build.OpenDatabase();
        await new PhotoMeasures(build.StartAsync, database, figures, quick).MeasureAsync();
    }

    private async Task MeasureWebhooksAsync()
    {
        await using var database = build.OpenDatabase();
        var measures = new WebhookMeasures(build.StartAsync, build.CommandAsync, database, figures, quick);
        await measures.MeasureAsync();
    }

    private async Task MeasureKeysAsync()
    {
        await using var keys = build.OpenKeys();
        await new KeyMeasures(build.CommandAsync, keys, await build.MasterKeyAsync(), figures, quick).MeasureAsync();
    }

    private async Task MeasureExportAsync()
    {
        await using var database = build.OpenDatabase();
        await new ExportMeasures(build.StartAsync, database, figures).MeasureAsync();
    }

    private async Task MeasureAdministrationAsync()
    {
        await using var database = build.OpenDatabase();
        var measures = new AdministrationMeasures(build.StartAsync, build.CommandAsync, database, figures, quick);
        await measures.MeasureAsync();
    }

    private async Task MeasureOpenIdAsync()
    {
        await using var database = build.OpenDatabase();
        await new OpenIdMeasures(build.StartAsync, build.CommandAsync, database, figures, quick).MeasureAsync();
    }

    private async Task MeasureRpcAsync()
    {
        await using var database = build.OpenDatabase();
        var measures = new RpcMeasures(
            build.StartAsync,
            StartBareRpcAsync,
            StartRelyingAsync,
            arguments => build.CommandAsync(arguments, input: ""),
            database,
            figures,
            quick
        );
        await measures.MeasureAsync();
    }

    private async Task MeasureFoodAsync()
    {
        const string Adapter = "artifacts/food-delivery/FoodDelivery";
        await postgres.CreateDatabaseAsync("food", template: null, CancellationToken.None);
        await using var database = build.OpenDatabase();
        await new FoodMeasures(
            build.StartAsync,
            build.CommandAsync,
            Path.GetFullPath(Adapter),
            postgres.ConnectionString("food"),
            database,
            figures,
            quick
        ).MeasureAsync();
    }

    private async Task MeasureStartAsync()
    {
        var own = new List<TimeSpan>();
        var bare = new List<TimeSpan>();
        for (var run = 0; run < (quick ? 3 : 9); run++)
        {
            await using (var server = await build.StartAsync())
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
    public static T Median<T>(IEnumerable<T> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>The 99th percentile: what all but one in a hundred do not exceed.</summary>
    public static T Percentile99<T>(IEnumerable<T> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(sorted.Count * 0.99) - 1];
    }
}
