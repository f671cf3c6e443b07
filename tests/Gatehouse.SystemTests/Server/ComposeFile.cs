using System.Diagnostics;
using System.Text.Json;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary>A copy of <c>deploy/</c> with an environment of its own, read by docker-compose (Debian's 1.29), which needs no container
/// engine for that.</summary>
internal sealed class ComposeFile : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ComposeFile()
    {
        Directory.CreateDirectory(folder.FullPath);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "deploy")))
            File.Copy(file, Path.Combine(folder.FullPath, Path.GetFileName(file)));
    }

    public string Dockerfile => Path.Combine(folder.FullPath, "Dockerfile");

    /// <summary>Names and values of <c>.env</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        File.ReadLines(EnvironmentFile)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private string EnvironmentFile => Path.Combine(folder.FullPath, ".env");

    public async Task NewEnvironmentAsync() =>
        Assert.Equal(0, (await RunAsync("bash", Path.Combine(folder.FullPath, "new-environment"))).ExitCode);

    public void Unset(string variable) =>
        File.WriteAllLines(
            EnvironmentFile,
            File.ReadAllLines(EnvironmentFile).Where(line => !line.StartsWith(variable + "=", StringComparison.Ordinal))
        );

    /// <summary>What docker-compose makes of the file.</summary>
    public Task<(int ExitCode, string Output, string Errors)> ConfigAsync() =>
        RunAsync("docker-compose", "--file", Path.Combine(folder.FullPath, "compose.yaml"), "config");

    /// <summary>What a linter says of the Dockerfile, and the services with every variable put in.</summary>
    public async Task<(IReadOnlyList<string> Findings, JsonElement Services)> ReadAsync()
    {
        var (exitCode, output, errors) = await ConfigAsync();
        Assert.True(exitCode == 0, errors);
        var read = Path.Combine(folder.FullPath, "read.yaml");
        await File.WriteAllTextAsync(read, output);
        var (linted, text) = await NodePackages.RunAsync("Foreign/Containers", "node", "containers.mjs", Dockerfile, read);
        Assert.Equal(0, linted);
        var all = JsonDocument.Parse(text).RootElement;
        return (
            [.. all.GetProperty("findings").EnumerateArray().Select(f => f.GetString()!)],
            all.GetProperty("compose").GetProperty("services")
        );
    }

    public void Dispose() => folder.Dispose();

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder.FullPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
