using Gatehouse.Core.Hosting;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gatehouse.Core.Redis;

/// <summary>
/// The one way to Redis, where one is configured. It connects in the background and again after every loss; what cannot be done now fails
/// at once with <see cref="DependencyAwayException"/>. An outage is logged when it begins and when it ends.
/// </summary>
public sealed partial class RedisConnection(RedisOptions options, TimeProvider clock, ILogger<RedisConnection> logger)
    : IHostedService,
        IHealthDetail,
        IAsyncDisposable
{
    // A server that hangs would otherwise cost every request the whole timeout.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<ConnectionMultiplexer>> connection = new(() => ConnectionMultiplexer.ConnectAsync(options.Client()));
    private long failedAt = long.MinValue;
    private volatile string? trouble;

    public bool IsConfigured => options.Servers.Length > 0;

    /// <summary>The name of a key or a channel of ours.</summary>
    public string Name(string name) => options.Prefix + name;

    public DependencyHealth Look() => new("redis", trouble is null, 0, trouble);

    /// <summary>Runs a script, which is one step: nobody sees half of it.</summary>
    /// <param name="name">What it does, as it appears in traces.</param>
    /// <exception cref="DependencyAwayException">It did not run, or it is not known whether it did.</exception>
    public Task<RedisResult> EvaluateAsync(string name, string script, RedisKey[] keys, RedisValue[] values) =>
        RunAsync(name, redis => redis.GetDatabase().ScriptEvaluateAsync(script, keys, values));

    /// <summary>Runs commands, each of which is a step by itself.</summary>
    /// <exception cref="DependencyAwayException">They did not run, or it is not known whether they did.</exception>
    public async Task<T> RunAsync<T>(string name, Func<IConnectionMultiplexer, Task<T>> use)
    {
        if (Interlocked.Read(ref failedAt) is var failed && failed != long.MinValue && clock.GetElapsedTime(failed) < Pause)
            throw Away(inner: null);
        using var span = Spans.Start("redis." + name);
        try
        {
            var answer = await use(await connection.Value);
            Worked();
            return answer;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            Failed(e);
            throw Away(e);
        }
    }

    /// <summary>Asks the server for a sign of life, past the pause after a failure.</summary>
    /// <returns>Its version; or null and the reason in <see cref="Look"/>.</returns>
    public async Task<string?> PingAsync()
    {
        Interlocked.Exchange(ref failedAt, long.MinValue);
        try
        {
            return await RunAsync(
                "ping",
                async redis =>
                {
                    await redis.GetDatabase().PingAsync();
                    return redis.GetServers().First(server => server.IsConnected).Version.ToString();
                }
            );
        }
        catch (DependencyAwayException)
        {
            return null;
        }
    }

    /// <summary>Begins to connect; nothing waits for it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsConfigured)
            _ = ObserveAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (connection.IsValueCreated)
            await (await connection.Value).DisposeAsync();
    }

    private async Task ObserveAsync()
    {
        try
        {
            var redis = await connection.Value;
            redis.ConnectionFailed += (_, e) => Failed(e.Exception ?? new TimeoutException(e.FailureType.ToString()));
            redis.ConnectionRestored += (_, _) => Worked();
            await PingAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Failed(e);
        }
    }

    private void Failed(Exception exception)
    {
        Interlocked.Exchange(ref failedAt, clock.GetTimestamp());
        var reason = exception.GetBaseException().Message;
        if (Interlocked.Exchange(ref trouble, reason) is null)
            Log.Away(logger, reason);
    }

    private void Worked()
    {
        if (trouble is null || Interlocked.Exchange(ref trouble, null) is null)
            return;
        Interlocked.Exchange(ref failedAt, long.MinValue);
        Log.Back(logger);
    }

    private static DependencyAwayException Away(Exception? inner) => new("Redis cannot be used now.", inner);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Redis cannot be used; what it does is done without it or answered 503 until it can: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Redis can be used again")]
        public static partial void Back(ILogger logger);
    }
}
