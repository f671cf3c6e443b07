using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Programs of Node.js with packages that know nothing of Gatehouse. A folder names them with their versions; they are installed
/// once a run.</summary>
internal static class NodePackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    public static Task InstallAsync(string folder) =>
        Installed.GetOrAdd(folder, name => new Lazy<Task>(() => CleanInstallAsync(name))).Value;

    public static Process Start(string folder, string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Path.Combine(AppContext.BaseDirectory, folder),
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>Installs the packages of the folder and runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        await InstallAsync(folder);
        return await ToEndAsync(folder, program, arguments);
    }

    private static async Task CleanInstallAsync(string folder)
    {
        var (exitCode, output) = await ToEndAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        Assert.True(exitCode == 0, $"npm ci: {output}");
    }

    private static async Task<(int ExitCode, string Output)> ToEndAsync(string folder, string program, params string[] arguments)
    {
        using var process = Start(folder, program, arguments);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
