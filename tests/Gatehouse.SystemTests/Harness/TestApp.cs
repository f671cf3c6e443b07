using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Gatehouse.SystemTests.Harness;

/// <summary>
/// The real program on a real PostgreSQL, spoken to over HTTP like anybody would. Only the clock can be moved. Several applications may
/// share one database: each is a node then.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    /// <summary>How long is waited for what must come: a busy machine may take its time, and it costs nothing where it comes.</summary>
    public const int PatienceSeconds = 120;

    /// <summary>The same for an answer, and for whatever waits for one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(PatienceSeconds);

    private static readonly string MasterKey = "test:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where all applications of a run keep files.</summary>
    internal static readonly string FilesFolder = Directory.CreateTempSubdirectory("gatehouse-files-").FullName;

    private readonly WebApplication app;
    private readonly NpgsqlDataSource main;
    private readonly NpgsqlDataSource keys;

    private TestApp(WebApplication app, ShiftableClock clock, (string Main, string Keys) databases, LogLines logs)
    {
        (this.app, Clock, Databases, Logs) = (app, clock, databases, logs);
        main = NpgsqlDataSource.Create(databases.Main + ";Application Name=test;Maximum Pool Size=5");
        keys = NpgsqlDataSource.Create(databases.Keys + ";Application Name=test;Maximum Pool Size=5");
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        // Tests share it: what one is given as a cookie is no other's.
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(addresses[0]), Timeout = Patience };
        Management = new HttpClient { BaseAddress = new Uri(addresses[1]), Timeout = Patience };
        Users = new TestUsers(this);
    }

    public HttpClient Http { get; }

    public HttpClient Management { get; }

    public ShiftableClock Clock { get; }

    public (string Main, string Keys) Databases { get; }

    public LogLines Logs { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Whole scenarios in one line.</summary>
    public TestUsers Users { get; }

    public static async Task<TestApp> StartAsync(
        (string Main, string Keys)? databases = null,
        ShiftableClock? clock = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? replace = null,
        bool development = true
    )
    {
        databases ??= await (await TestDatabases.GetAsync()).CreateStartedAsync();
        clock ??= new ShiftableClock();
        var logs = new LogLines();
        var all = Settings(databases.Value.Main, databases.Value.Keys);
        // Production, where messages to phones are off unless a test says otherwise, has no inbox.
        if (development)
            all["Sms:Sender"] = "inbox";
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            all[name] = value;
        var launch = new LaunchSettings(development, DataFolder: "unused", all);
        var started = GatehouseHost.Build(
            launch,
            new Dictionary<string, string?>(StringComparer.Ordinal),
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                // The tests' clock is moved together with the database's, as it were; a test of clocks that differ gives the node its own.
                services.AddSingleton(new Gatehouse.Core.Postgres.ClockSkew(TimeProvider.System));
                services.AddSingleton<Action<NpgsqlDataSourceBuilder>>(IssuedStatements.Watch);
                services.AddLogging(logging => logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
                replace?.Invoke(services);
            }
        );
        try
        {
            await started.StartAsync();
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        return new TestApp(started, clock, databases.Value, logs);
    }

    /// <summary>A second node on the same databases, under the same clock.</summary>
    public Task<TestApp> StartNodeAsync(IReadOnlyDictionary<string, string?>? settings = null) => StartAsync(Databases, Clock, settings);

    /// <summary>For <c>replace</c>: moving the clock makes it differ from the database's.</summary>
    public static void WithOwnClock(IServiceCollection services) =>
        services.AddSingleton(provider => new Gatehouse.Core.Postgres.ClockSkew(provider.GetRequiredService<TimeProvider>()));

    internal static Dictionary<string, string?> Settings(string main, string keys) =>
        new(StringComparer.Ordinal)
        {
            ["Database:ConnectionString"] = main,
            ["Database:KeysConnectionString"] = keys,
            ["Database:MaxConnections"] = "20",
            ["Keys:Master"] = MasterKey,
            ["Http:Port"] = "0",
            ["Http:DrainSeconds"] = "0",
            ["Http:PublicUrl"] = "http://localhost:8080",
            ["Mail:Sender"] = "inbox",
            ["Messaging:PollMilliseconds"] = "100",
            ["Messaging:LeaseSeconds"] = "3",
            ["Files:Store"] = "local",
            ["Files:Local:Folder"] = FilesFolder,
            // Applications that are told of a sign-out are on this machine.
            ["OpenId:AllowPrivateAddresses"] = "true",
            // So are the receivers of webhooks.
            ["Webhooks:AllowPrivateAddresses"] = "true",
            // A busy machine may take its time; the test of that time sets its own.
            ["PasswordHashing:MaxWait"] = "10s",
        };

    /// <summary>One value from the main database.</summary>
    public Task<T> ScalarAsync<T>(string sql, params object[] parameters) => ScalarAsync<T>(main, sql, parameters);

    /// <summary>One value from the key store.</summary>
    public Task<T> KeyScalarAsync<T>(string sql, params object[] parameters) => ScalarAsync<T>(keys, sql, parameters);

    public Task ExecuteAsync(string sql, params object[] parameters) => ExecuteAsync(main, sql, parameters);

    public Task KeysExecuteAsync(string sql, params object[] parameters) => ExecuteAsync(keys, sql, parameters);

    /// <summary>Waits until the condition holds; fails after two minutes of real time.</summary>
    public static async Task EventuallyAsync(
        Func<Task<bool>> condition,
        string what,
        int seconds = PatienceSeconds,
        Func<string>? meanwhile = null
    )
    {
        var clock = TimeProvider.System;
        for (var start = clock.GetTimestamp(); clock.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds); )
        {
            if (await condition())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, CancellationToken.None);
        }

        Assert.Fail($"Did not happen within {seconds} s: {what} {meanwhile?.Invoke()}");
    }

    /// <summary>Waits until every event is carried and every job is done.</summary>
    public Task QuietAsync() =>
        EventuallyAsync(
            async () =>
                await ScalarAsync<bool>(
                    """
                    select not exists (select 1 from runtime.jobs where state = 'ready' and run_at <= $1)
                       and not exists (select 1 from runtime.events e join runtime.lanes l using (lane)
                                       where (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq))
                    """,
                    // A job is due from the moment of its transaction, which may lie after this question was asked.
                    Clock.GetUtcNow().AddMilliseconds(500)
                ),
            "all events carried and all jobs done"
        );

    /// <summary>Runs recurring work now instead of at its time.</summary>
    public Task RunRecurringAsync<T>()
        where T : Gatehouse.Core.Hosting.IRecurring => app.Services.GetRequiredService<T>().RunAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Management.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await main.DisposeAsync();
        await keys.DisposeAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource source, string sql, object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}

/// <summary>Keeps every log line, rendered with all its values, for tests that search them.</summary>
public sealed class LogLines : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    public void Dispose() { }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            // What Kestrel says of a machine that is too busy is no word of the program.
            if (eventId.Name != "HeartbeatSlow")
                lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
        }
    }
}
