using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Development.Postgres;

/// <summary>
/// A private PostgreSQL in an open data folder: made on first use, reachable through a Unix socket only, which only this account
/// (and root) can reach. It runs in a process session of its own; one that outlived a killed Gatehouse is adopted.
/// </summary>
/// <param name="settings">Further settings, each <c>name=value</c>; they win over those here.</param>
internal sealed partial class EmbeddedPostgres(
    DataFolder folder,
    TimeProvider timeProvider,
    ILogger<EmbeddedPostgres> logger,
    IReadOnlyList<string>? settings = null
) : IAsyncDisposable
{
    public const string Superuser = "gatehouse";
    public const string MainDatabase = "gatehouse";
    public const string KeyDatabase = "gatehouse_keys";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly PostgresAccount account = PostgresAccount.OfThisProcess;
    private readonly string serverFolder = Path.Combine(folder.FullPath, "postgres");
    private readonly string cluster = Path.Combine(folder.FullPath, "postgres", "cluster");
    private string socketFolder = "";
    private PostgresPrograms? programs;
    private Process? server;

    /// <summary>Makes the cluster when absent, starts or adopts its server and waits until it answers.</summary>
    public async Task<StartupError?> StartAsync(CancellationToken cancellationToken) =>
        await FindProgramsAsync(cancellationToken)
        ?? await PrepareFoldersAsync(cancellationToken)
        ?? await CreateClusterAsync(cancellationToken)
        ?? await RunServerAsync(cancellationToken)
        ?? await CreateDatabasesAsync(cancellationToken);

    /// <summary>Uses the server that another process runs here, which is neither started nor stopped then; false when none is
    /// ready.</summary>
    public bool Join() => LiveServer() is { IsReady: true, SocketFolder: { } found } && (socketFolder = found).Length > 0;

    /// <summary>For Npgsql. Connections return to the pool without a reset, so use no session state, only transaction-level
    /// locks.</summary>
    public string ConnectionString(string database) => Connection(database).ConnectionString;

    public async Task CreateDatabaseAsync(string name, string? template, CancellationToken cancellationToken) =>
        await ExecuteAsync($"CREATE DATABASE {Quoted(name)} TEMPLATE {Quoted(template ?? "template1")}", cancellationToken);

    public async Task DropDatabaseAsync(string name, CancellationToken cancellationToken) =>
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancellationToken);

    /// <summary>Ends this cluster's server, and no other process, in bounded time: first its sessions, then without a last
    /// checkpoint.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (mode, seconds) in new[] { ("fast", "30"), ("immediate", "5") })
        {
            if (programs is null || LiveServer() is not { } live)
                return;
            await account.RunAsync(programs.PgCtl, ["stop", "-D", cluster, "-m", mode, "-t", seconds], cancellationToken);

            // Its file goes a moment before the process does.
            for (
                var started = timeProvider.GetTimestamp();
                IsLive(live) && timeProvider.GetElapsedTime(started) < TimeSpan.FromSeconds(5);

            )
                await Task.Delay(Pause, timeProvider, cancellationToken);
            if (IsLive(live))
                continue;
            if (socketFolder != serverFolder && Directory.Exists(socketFolder))
                Directory.Delete(socketFolder, recursive: true);
            Log.Stopped(logger, live.ProcessId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        server?.Dispose();
    }

    private async Task<StartupError?> FindProgramsAsync(CancellationToken cancellationToken)
    {
        var versionFile = Path.Combine(cluster, "PG_VERSION");
        var clusterMajor = File.Exists(versionFile)
            ? PostgresPrograms.ParseMajor(await File.ReadAllTextAsync(versionFile, cancellationToken))
            : null;
        var installed = await PostgresPrograms.FindAsync(cancellationToken);
        programs = PostgresPrograms.Choose(installed, clusterMajor);
        return programs is not null ? null
            : clusterMajor is null || installed.Count == 0 ? PostgresErrors.NotInstalled
            : PostgresErrors.OtherMajor(cluster, clusterMajor.Value, installed.Select(found => found.Major).Distinct());
    }

    private async Task<StartupError?> PrepareFoldersAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(serverFolder))
        {
            string[] owner = account.Switch ? [$"--owner={account.Name}"] : [];
            var made = await PostgresAccount.RunAsSelfAsync(
                "install",
                ["-d", "-m", "700", .. owner, "--", serverFolder],
                cancellationToken
            );
            if (!made.Succeeded)
                return PostgresErrors.Reported($"{serverFolder} cannot be created", made.Output);
        }

        var facts = await FileFacts.ReadAsync(serverFolder, cancellationToken);
        if (facts.Owner != account.Name)
            return PostgresErrors.ForeignOwner(serverFolder, facts.Owner, account.Name);
        if (await FirstClosedParentAsync(cancellationToken) is { } parent)
            return PostgresErrors.Unreachable(parent, account.Name);

        socketFolder = SocketFolder.Choose(serverFolder, Path.GetTempPath());
        if (socketFolder == serverFolder)
            return null;

        // Anybody may have made a folder of that name among the temporary ones; only a private one of our own is used.
        var madeSocketFolder = await account.RunAsync("mkdir", ["-p", "-m", "700", "--", socketFolder], cancellationToken);
        if (!madeSocketFolder.Succeeded)
            return PostgresErrors.Reported($"{socketFolder} cannot be created", madeSocketFolder.Output);
        facts = await FileFacts.ReadAsync(socketFolder, cancellationToken);
        return facts.IsPrivateFolderOf(account.Name) ? null : PostgresErrors.UnsafeSocketFolder(socketFolder, account.Name);
    }

    private async Task<string?> FirstClosedParentAsync(CancellationToken cancellationToken)
    {
        if (!account.Switch || await CanEnter(serverFolder))
            return null;
        var parents = new Stack<string>();
        for (var parent = serverFolder; parent is not null; parent = Path.GetDirectoryName(parent))
            parents.Push(parent);
        foreach (var parent in parents)
            if (!await CanEnter(parent))
                return parent;
        return null;

        async Task<bool> CanEnter(string path) => (await account.RunAsync("test", ["-x", path], cancellationToken)).Succeeded;
    }

    private async Task<StartupError?> CreateClusterAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(cluster))
            return null;

        // Made aside and renamed: an initdb that was killed half-way is never taken for a cluster.
        var unfinished = cluster + ".new";
        await account.RunAsync("rm", ["-rf", "--", unfinished], cancellationToken);
        string[] arguments =
        [
            "-D",
            unfinished,
            $"--username={Superuser}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=trust",
            "--auth-host=reject",
        ];
        var made = await account.RunAsync(programs!.InitDb, arguments, cancellationToken);
        if (!made.Succeeded)
            return PostgresErrors.Reported($"PostgreSQL cannot create its files in {serverFolder}", made.Output);
        Directory.Move(unfinished, cluster);
        Log.Created(logger, programs.Major, cluster);
        return null;
    }

    private async Task<StartupError?> RunServerAsync(CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var adopted = LiveServer();
        for (; adopted is { IsStopping: true }; adopted = LiveServer())
        {
            if (IsLate())
                return PostgresErrors.Reported("PostgreSQL has not finished stopping", LogTail());
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }

        if (adopted is not null)
        {
            socketFolder = adopted.SocketFolder ?? socketFolder;
            Log.Adopted(logger, adopted.ProcessId);
            return await WaitUntilReadyAsync(() => IsLive(adopted), IsLate, cancellationToken)
                ? null
                : PostgresErrors.Reported("The running PostgreSQL server does not respond", LogTail());
        }

        // A number that another program has by now would make the server believe it is running already.
        if (PostmasterFile.Read(cluster) is { } stale && !PostmasterFile.IsServer(stale.CommandLine()))
            File.Delete(Path.Combine(cluster, PostmasterFile.Name));

        for (; ; await Task.Delay(Pause * 10, timeProvider, cancellationToken))
        {
            server?.Dispose();
            server = Process.Start(
                account.Command(programs!.Postgres, PostgresArguments.Of(cluster, serverFolder, socketFolder, settings ?? []))
            )!;
            server.StandardInput.Close();
            var said = server.StandardError.ReadToEndAsync(CancellationToken.None);
            if (await WaitUntilReadyAsync(() => !server.HasExited, IsLate, cancellationToken))
            {
                Log.Started(logger, programs.Major, server.Id, socketFolder);
                return null;
            }

            var output = await LastWordsAsync(said, cancellationToken);
            if (IsLate() || !PostgresErrors.IsStillHeldByChildren(output))
                return PostgresErrors.Reported("PostgreSQL does not start", output);
        }

        bool IsLate() => timeProvider.GetElapsedTime(started) > StartLimit;
    }

    private async Task<bool> WaitUntilReadyAsync(Func<bool> isLive, Func<bool> isLate, CancellationToken cancellationToken)
    {
        while (isLive() && !isLate())
        {
            try
            {
                await ExecuteAsync("SELECT 1", cancellationToken);
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }

        return false;
    }

    private async Task<StartupError?> CreateDatabasesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var present = await connection.QueryAsync<string>("SELECT datname FROM pg_database");
        foreach (var name in new[] { MainDatabase, KeyDatabase }.Except(present, StringComparer.Ordinal))
            await CreateDatabaseAsync(name, template: null, cancellationToken);
        return null;
    }

    private PostmasterFile? LiveServer() => PostmasterFile.Read(cluster) is { } file && IsLive(file) ? file : null;

    private bool IsLive(PostmasterFile file) => PostmasterFile.IsServerOf(file.CommandLine(), cluster);

    /// <summary>A server that fails early says so on its error stream, a later one in its log.</summary>
    private async Task<string> LastWordsAsync(Task<string> said, CancellationToken cancellationToken)
    {
        await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(1), timeProvider, cancellationToken));
        return said.IsCompletedSuccessfully && await said is var words && words.Contains("FATAL", StringComparison.Ordinal)
            ? words.Trim()
            : LogTail();
    }

    private string LogTail()
    {
        var logs = new DirectoryInfo(Path.Combine(serverFolder, "log"));
        var newest = logs.Exists ? logs.EnumerateFiles().MaxBy(file => file.LastWriteTimeUtc) : null;
        return newest is null ? "(it has written no log)" : string.Join('\n', File.ReadLines(newest.FullName).TakeLast(15));
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var maintenance = Connection("postgres");
        maintenance.Pooling = false;
        var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private NpgsqlConnectionStringBuilder Connection(string database) =>
        new()
        {
            Host = socketFolder,
            Port = SocketFolder.Port,
            Username = Superuser,
            Database = database,
            ApplicationName = "gatehouse",
            SslMode = SslMode.Disable,
            NoResetOnClose = true,
            MaxAutoPrepare = 100,
            MaxPoolSize = 60,
        };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
