using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Benchmarks;

/// <summary>A server under measurement, in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, Uri address, TimeSpan untilReady) =>
        (this.process, Address, UntilReady) = (process, address, untilReady);

    public Uri Address { get; }

    /// <summary>From the start of the process to the first 200 of /health/ready, or of what stands for it.</summary>
    public TimeSpan UntilReady { get; }

    /// <param name="arguments">Given the port to listen on.</param>
    public static async Task<ServerProcess> StartAsync(
        string program,
        Func<string, string[]> arguments,
        IReadOnlyDictionary<string, string> environment,
        string whenReady = "/health/ready"
    )
    {
        var port = FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(program, arguments(port))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var http = new HttpClient();
        var started = TimeProvider.System.GetTimestamp();
        var server = Process.Start(start)!;
        // Read and dropped: a log that nobody reads would stop the server.
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        var errors = server.StandardError.ReadToEndAsync();
        while (!server.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address, whenReady));
                if (answer.IsSuccessStatusCode)
                    return new ServerProcess(server, address, TimeProvider.System.GetElapsedTime(started));
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        throw new InvalidOperationException($"The server ended with {server.ExitCode}: {await errors}");
    }

    /// <summary>Runs a command of the program to its end; what it printed.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string input
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var running = Process.Start(start)!;
        var output = running.StandardOutput.ReadToEndAsync();
        var errors = running.StandardError.ReadToEndAsync();
        await running.StandardInput.WriteAsync(input);
        running.StandardInput.Close();
        await running.WaitForExitAsync();
        if (running.ExitCode != 0)
            throw new InvalidOperationException($"{await output}{await errors}");
        return await output;
    }

    /// <summary>Resident and proportional memory in MB.</summary>
    public async Task<(double Resident, double Proportional)> MemoryAsync()
    {
        var rollup = await File.ReadAllLinesAsync($"/proc/{process.Id}/smaps_rollup");
        return (Megabytes("Rss:"), Megabytes("Pss:"));

        double Megabytes(string name) =>
            double.Parse(
                rollup.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture
            )
            * 1024
            / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
