using Gatehouse.Development.Postgres;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Gatehouse.Server.Hosting;

/// <summary>What development mode brings along, so that nothing needs to be configured: the data folder, a private PostgreSQL, a master
/// key, the inbox.</summary>
internal sealed class DevelopmentEnvironment : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ILoggerFactory? logs;
    private readonly DataFolder? folder;
    private EmbeddedPostgres? postgres;

    private DevelopmentEnvironment() { }

    private DevelopmentEnvironment(LaunchSettings launch)
    {
        logs = LoggerFactory.Create(logging => logging.AddConsoleLogs(launch));
        folder = new DataFolder(launch.DataFolder, TimeProvider.System);
    }

    /// <summary>Why it could not be laid; null when it stands.</summary>
    public StartupError? Error { get; private set; }

    public IReadOnlyDictionary<string, string?> Settings { get; private set; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public static async Task<DevelopmentEnvironment> PrepareAsync(LaunchSettings launch, CancellationToken cancellationToken)
    {
        if (!launch.Development)
            return new DevelopmentEnvironment();

        var ground = new DevelopmentEnvironment(launch);
        try
        {
            ground.Error = await ground.StartAsync(launch, cancellationToken);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
            await postgres.DisposeAsync();
        folder?.Dispose();
        logs?.Dispose();
    }

    private async Task<StartupError?> StartAsync(LaunchSettings launch, CancellationToken cancellationToken)
    {
        postgres = new EmbeddedPostgres(folder!, TimeProvider.System, logs!.CreateLogger<EmbeddedPostgres>());
        // A database named in the environment is used as it is; the private one is for when nothing is configured.
        var configured = new ConfigurationBuilder().Add(new EnvironmentVariablesConfigurationSource()).Build()[
            "Gatehouse:Database:ConnectionString"
        ];
        var isPrivate = string.IsNullOrEmpty(configured);
        if (await OpenFolderAsync(launch, isPrivate, cancellationToken) is { } held)
            return held;

        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Keys:Master"] = "development:" + Convert.ToBase64String(folder!.ReadOrCreateMasterKey()),
            ["Mail:Sender"] = "inbox",
            ["Sms:Sender"] = "inbox",
            ["Http:DrainSeconds"] = "0",
            ["Files:Store"] = "local",
            ["Files:Local:Folder"] = Path.Combine(folder.FullPath, "files"),
            ["Audit:CheckpointFile"] = Path.Combine(folder.FullPath, "audit-checkpoints.jsonl"),
        };
        Settings = settings;
        if (!isPrivate)
            return null;

        // Wrong settings are told before anything is started; where the database will be reached matters to none of them.
        if (!folder.IsHeldElsewhere)
        {
            AddDatabases("Host=localhost;Database=gatehouse", "Host=localhost;Database=gatehouse_keys");
            await GatehouseHost.CheckAsync(launch, settings);
            if (await postgres.StartAsync(cancellationToken) is { } error)
                return error;
        }

        AddDatabases(postgres.ConnectionString(EmbeddedPostgres.MainDatabase), postgres.ConnectionString(EmbeddedPostgres.KeyDatabase));
        return null;

        void AddDatabases(string main, string keys) =>
            (settings["Database:ConnectionString"], settings["Database:KeysConnectionString"]) = (main, keys);
    }

    // A command works beside the server that holds the folder, on its PostgreSQL; one that is just starting or stopping is waited for.
    private async Task<StartupError?> OpenFolderAsync(LaunchSettings launch, bool isPrivate, CancellationToken cancellationToken)
    {
        var address = $"http://localhost:{launch.Settings.GetValueOrDefault("Http:Port") ?? "8080"}";
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause, TimeProvider.System, cancellationToken))
        {
            if (await folder!.OpenAsync(address, cancellationToken) is not { } error)
                return null;
            if (!launch.OutputIsAnswer || !folder.IsHeldElsewhere)
                return error;
            if (File.Exists(folder.MasterKeyFile) && (!isPrivate || postgres!.Join()))
                return null;
            if (TimeProvider.System.GetElapsedTime(started) > MaxWait)
                return error;
        }
    }
}
