using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Gatehouse.SystemTests.Harness;

/// <summary>A Redis server (Debian's redis-server) in a process of its own: it keeps nothing on disk, and can be stopped, halted and
/// started again on the same port.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gatehouse-redis-");
    private readonly int port = GatehouseProcess.FreePort();
    private Process process;

    private RedisServer() => process = Run();

    public string Servers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["Redis:Servers"] = Servers };

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.WaitAsync();
        return server;
    }

    public async Task StopAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        process.Dispose();
        process = Run();
        await WaitAsync();
    }

    /// <summary>It stays connected and answers nothing.</summary>
    public Task HaltAsync() => SignalAsync("STOP");

    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>One command, as an operator gives it.</summary>
    public async Task<string> CommandAsync(params string[] command)
    {
        var start = new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), .. command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var cli = Process.Start(start)!;
        var (output, errors) = (cli.StandardOutput.ReadToEndAsync(), cli.StandardError.ReadToEndAsync());
        await cli.WaitForExitAsync();
        return (await output + await errors).TrimEnd();
    }

    /// <summary>Everything that lies in it: each key with its time to live and its value.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(Servers);
        var (database, all) = (client.GetDatabase(), new List<string>());
        await foreach (var key in client.GetServers()[0].KeysAsync())
        {
            var value = await database.KeyTypeAsync(key) switch
            {
                RedisType.Hash => string.Join(' ', await database.HashGetAllAsync(key)),
                RedisType.List => string.Join(' ', await database.ListRangeAsync(key)),
                RedisType.SortedSet => string.Join(' ', await database.SortedSetRangeByRankAsync(key)),
                _ => (string?)await database.StringGetAsync(key),
            };
            all.Add($"{key} {await database.KeyTimeToLiveAsync(key)} {value}");
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await StopAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private Process Run() =>
        Process.Start(
            new ProcessStartInfo(
                "redis-server",
                [
                    "--port",
                    port.ToString(CultureInfo.InvariantCulture),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    folder.FullName,
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--maxmemory",
                    "64mb",
                    "--logfile",
                    "redis.log",
                ]
            )
        )!;

    private Task WaitAsync() => TestApp.EventuallyAsync(async () => await CommandAsync("ping") == "PONG", "Redis answers");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
