using Gatehouse.Server.Postgres;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Gatehouse.Server.Hosting;

/// <summary>What development mode brings along, so that nothing needs to be configured: the data folder, a private PostgreSQL, a master key, the inbox.</summary>
internal sealed class DevelopmentGround : IAsyncDisposable
{
    private readonly ILoggerFactory? logs;
    private readonly DataFolder? folder;
    private EmbeddedPostgres? postgres;

    private DevelopmentGround()
    {
    }

    private DevelopmentGround(LaunchSettings launch)
    {
        logs = LoggerFactory.Create(logging => logging.AddConsoleLogs(launch));
        folder = new DataFolder(launch.DataFolder, TimeProvider.System);
    }

    /// <summary>Why it could not be laid; null when it stands.</summary>
    public StartupFault? Fault { get; private set; }

    public IReadOnlyDictionary<string, string?> Settings { get; private set; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public static async Task<DevelopmentGround> PrepareAsync(LaunchSettings launch, CancellationToken cancellationToken)
    {
        if (!launch.Development) return new DevelopmentGround();

        var ground = new DevelopmentGround(launch);
        try
        {
            ground.Fault = await ground.StartAsync($"http://localhost:{launch.Settings.GetValueOrDefault("Http:Port") ?? "8080"}", cancellationToken);
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
        if (postgres is not null) await postgres.DisposeAsync();
        folder?.Dispose();
        logs?.Dispose();
    }

    private async Task<StartupFault?> StartAsync(string address, CancellationToken cancellationToken)
    {
        if (await folder!.OpenAsync(address, cancellationToken) is { } held) return held;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Keys:Master"] = "development:" + Convert.ToBase64String(folder.ReadOrCreateMasterKey()),
            ["Mail:Sender"] = "inbox",
            ["Http:DrainSeconds"] = "0",
            ["Audit:CheckpointFile"] = Path.Combine(folder.FullPath, "audit-checkpoints.jsonl"),
        };
        Settings = settings;

        // A database named in the environment is used as it is; the private one is for when nothing is configured.
        var configured = new ConfigurationBuilder().Add(new EnvironmentVariablesConfigurationSource()).Build()["Gatehouse:Database:ConnectionString"];
        if (!string.IsNullOrEmpty(configured)) return null;

        postgres = new EmbeddedPostgres(folder, TimeProvider.System, logs!.CreateLogger<EmbeddedPostgres>());
        if (await postgres.StartAsync(cancellationToken) is { } fault) return fault;
        settings["Database:ConnectionString"] = postgres.ConnectionString(EmbeddedPostgres.MainDatabase);
        settings["Database:KeysConnectionString"] = postgres.ConnectionString(EmbeddedPostgres.KeyDatabase);
        return null;
    }
}
