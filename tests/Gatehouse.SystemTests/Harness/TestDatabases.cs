using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Gatehouse.Development.Postgres;
using Gatehouse.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gatehouse.SystemTests.Harness;

/// <summary>
/// One private PostgreSQL for the whole run, in a temporary folder; every test application gets two databases of its own in it. Migrated
/// once: the others are copies.
/// </summary>
public sealed class TestDatabases : IAsyncDisposable
{
    private const string Started = "started";

    private static readonly Lazy<Task<TestDatabases>> Shared = new(StartAsync);
    private static int count;
    private static int stopped;

    private readonly DataFolder folder;
    private readonly EmbeddedPostgres postgres;
    private readonly string path;
    private readonly Lazy<Task> template;
    private readonly Lazy<Task> started;

    private TestDatabases(string path)
    {
        this.path = path;
        folder = new DataFolder(path, TimeProvider.System);
        postgres = new EmbeddedPostgres(
            folder,
            TimeProvider.System,
            NullLogger<EmbeddedPostgres>.Instance,
            // Hundreds of databases come to be, most of them for seconds: it would look after each of them once a minute.
            ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400", "autovacuum_naptime=5min"]
        );
        template = new Lazy<Task>(MakeTemplateAsync);
        started = new Lazy<Task>(MakeStartedAsync);
    }

    public static async Task<TestDatabases> GetAsync() => await Shared.Value;

    /// <summary>A migrated main database and key store, both new.</summary>
    public async Task<(string Main, string Keys)> CreateAsync()
    {
        await template.Value;
        return await CopyAsync(EmbeddedPostgres.MainDatabase, EmbeddedPostgres.KeyDatabase);
    }

    /// <summary>The same of an installation that was started before: its keys, which take a while to make, are there.</summary>
    public async Task<(string Main, string Keys)> CreateStartedAsync()
    {
        await started.Value;
        return await CopyAsync(Started, Started + "_keys");
    }

    /// <summary>Two databases without any schema.</summary>
    public async Task<(string Main, string Keys)> CreateEmptyAsync()
    {
        var name = $"e{Interlocked.Increment(ref count)}";
        await postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        await postgres.CreateDatabaseAsync(name + "_keys", template: null, CancellationToken.None);
        return (postgres.ConnectionString(name), postgres.ConnectionString(name + "_keys"));
    }

    /// <summary>An empty database that holds bytes instead of characters.</summary>
    public async Task<string> CreateWithoutEncodingAsync()
    {
        var name = $"a{Interlocked.Increment(ref count)}";
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(
            $"create database {name} encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'"
        );
        await command.ExecuteNonQueryAsync();
        return postgres.ConnectionString(name);
    }

    /// <summary>Stops it if it was started; more than once does nothing.</summary>
    public static async Task StopAsync()
    {
        if (Shared.IsValueCreated && Interlocked.Exchange(ref stopped, 1) == 0)
            await (await Shared.Value).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await postgres.DisposeAsync();
        folder.Dispose();
        Directory.Delete(path, recursive: true);
    }

    [SuppressMessage(
        "ApiDesign",
        "RS0030",
        Justification = "Only of a run that broke off: the process ends when the handler returns, so it has to wait."
    )]
    private static async Task<TestDatabases> StartAsync()
    {
        var databases = new TestDatabases(
            Path.Combine(Path.GetTempPath(), "gatehouse-tests-" + RandomNumberGenerator.GetHexString(12, lowercase: true))
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAsync().Wait(TimeSpan.FromSeconds(30));
        var fault =
            await databases.folder.OpenAsync("the tests", CancellationToken.None)
            ?? await databases.postgres.StartAsync(CancellationToken.None);
        return fault is null ? databases : throw new InvalidOperationException(fault.ToString());
    }

    private async Task<(string Main, string Keys)> CopyAsync(string main, string keys, string? of = null)
    {
        var name = of ?? $"t{Interlocked.Increment(ref count)}";
        await postgres.CreateDatabaseAsync(name, main, CancellationToken.None);
        await postgres.CreateDatabaseAsync(name + "_keys", keys, CancellationToken.None);
        return (postgres.ConnectionString(name), postgres.ConnectionString(name + "_keys"));
    }

    private async Task MakeStartedAsync()
    {
        await template.Value;
        var (main, keys) = await CopyAsync(EmbeddedPostgres.MainDatabase, EmbeddedPostgres.KeyDatabase, Started);
        await using var app = await TestApp.StartAsync((main + ";Pooling=false", keys + ";Pooling=false"));
    }

    private async Task MakeTemplateAsync()
    {
        var launch = new LaunchSettings(
            Development: true,
            path,
            TestApp.Settings(
                postgres.ConnectionString(EmbeddedPostgres.MainDatabase) + ";Pooling=false",
                postgres.ConnectionString(EmbeddedPostgres.KeyDatabase) + ";Pooling=false"
            )
        );
        await using var app = GatehouseHost.Build(launch, new Dictionary<string, string?>(StringComparer.Ordinal));
        await app.Services.GetRequiredService<Gatehouse.Core.Postgres.Migrator>().MigrateAsync(CancellationToken.None);
    }
}
