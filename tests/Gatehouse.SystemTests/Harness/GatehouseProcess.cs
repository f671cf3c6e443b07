using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Gatehouse.SystemTests.Harness;

/// <summary>The program as a process of its own, started from the command line and stopped by signals, as an operator does.</summary>
internal sealed partial class GatehouseProcess : IAsyncDisposable
{
    public const int Killed = 128 + 9;

    // What `make test` published, compiled ahead, starts in half the time; a single class may be run without it.
    private static readonly string[] Program = Environment.GetEnvironmentVariable("GATEHOUSE_TEST_PROGRAM") is { Length: > 0 } published
        ? [published]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "Gatehouse.Server.dll")];

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    private readonly Process process;
    private readonly Task[] reading;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();

    private GatehouseProcess(Process process)
    {
        this.process = process;
        reading = [ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors)];
    }

    public int Id => process.Id;

    public IReadOnlyList<string> Lines => [.. output];

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    /// <param name="settings">Settings by their name, given in the environment.</param>
    /// <param name="killAt">Where the process kills itself (Gatehouse.KillHook).</param>
    /// <param name="trust">A file of certificates that the process trusts, and no others.</param>
    /// <param name="environment">Further variables by their name.</param>
    /// <param name="input">What standard input holds; null leaves it as it is.</param>
    public static GatehouseProcess Start(
        string[] arguments,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? killAt = null,
        byte[]? input = null,
        string? trust = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        // A shell starts its background jobs with SIGINT ignored, and a program keeps what it inherits: the tests must not depend on who
        // runs them.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", .. Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = input is not null,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var inherited in start.Environment.Keys.Where(k => k.StartsWith("GATEHOUSE__", StringComparison.OrdinalIgnoreCase)).ToList()
        )
            start.Environment.Remove(inherited);
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            start.Environment["GATEHOUSE__" + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()] = value;
        if (trust is not null)
            start.Environment["SSL_CERT_FILE"] = trust;
        if (killAt is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "Gatehouse.KillHook.dll");
            start.Environment["GATEHOUSE_KILL_AT"] = killAt;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;

        var started = new GatehouseProcess(Process.Start(start)!);
        if (input is null)
            return started;
        started.process.StandardInput.BaseStream.Write(input);
        started.process.StandardInput.Close();
        return started;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<GatehouseProcess> RunAsync(
        string[] arguments,
        IReadOnlyDictionary<string, string?>? settings = null,
        byte[]? input = null,
        string? trust = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var run = Start(arguments, settings, input: input, trust: trust, environment: environment);
        await run.ExitCodeAsync();
        return run;
    }

    /// <summary>A port that nobody listens on or was given before, nor the one a thousand above. Outside the range that connections take
    /// theirs from: it must still be free when a process is started for it, and again after a restart.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 31_000);
            if (IsFree(port) && IsFree(port + 1000) && Given.TryAdd(port, true) && Given.TryAdd(port + 1000, true))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Where it serves, once it says so; null when it ended before. A first start makes its databases, which takes a busy machine
    /// its time.</summary>
    public async Task<Uri?> FindAddressAsync()
    {
        Match address = Match.Empty;
        await TestApp.EventuallyAsync(
            () => Task.FromResult((address = ServesOn.Match(Output)).Success || process.HasExited),
            "the server starts;",
            meanwhile: () => $"it said {Output} {Errors}"
        );
        return address.Success ? new Uri(address.Groups[1].Value) : null;
    }

    public async Task<Uri> AddressAsync() =>
        await FindAddressAsync()
        ?? throw new InvalidOperationException($"The server ended with {await ExitCodeAsync()}: {Output} {Errors}");

    /// <param name="signal">Such as <c>TERM</c>.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end, with all it said read.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TestApp.Patience);
        // Who inherited the streams (PostgreSQL, after a kill) may hold them open.
        await Task.WhenAny(Task.WhenAll(reading), Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, ConcurrentQueue<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
            lines.Enqueue(line);
    }

    [GeneratedRegex(@"(?:running|Listening) on (http://[\w.:]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ServesOn { get; }
}
