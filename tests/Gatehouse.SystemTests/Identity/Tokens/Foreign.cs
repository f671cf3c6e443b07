using System.Diagnostics;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>A service of another make: Node.js and its JOSE library, which know nothing of Gatehouse but the address of its keys.</summary>
internal sealed class Foreign : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Foreign");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private readonly Process process;

    private Foreign(Process process) => this.process = process;

    public static async Task<Foreign> StartAsync(TestApp app)
    {
        await Installed.Value;
        var keys = new Uri(app.Http.BaseAddress!, "/.well-known/jwks.json");
        return new Foreign(Start("node", "verify.mjs", keys.AbsoluteUri, "http://localhost:8080", "http://localhost:8080"));
    }

    /// <summary>A program of the folder, which answers each line it is given with one.</summary>
    public static async Task<Foreign> RunAsync(string program, params string[] arguments)
    {
        await Installed.Value;
        return new Foreign(Start("node", [program, .. arguments]));
    }

    public async Task<JsonElement> AskAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
        return JsonDocument
            .Parse(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The program ended."))
            .RootElement;
    }

    /// <summary>The person of the token, or the library's word for what is wrong with it.</summary>
    /// <param name="forget">Whether it starts anew, as after a restart or when its copy of the keys is old.</param>
    public async Task<string> ValidateAsync(string token, DateTimeOffset now, bool forget = false)
    {
        var answer = await AskAsync(
            JsonSerializer.Serialize(
                new
                {
                    token,
                    now,
                    forget,
                }
            )
        );
        return answer.TryGetProperty("sub", out var person) ? person.GetString()! : answer.GetProperty("error").GetString()!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(TimeSpan.FromSeconds(10));
        process.Dispose();
    }

    private static async Task InstallAsync()
    {
        using var npm = Start("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        npm.StandardInput.Close();
        var said = await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"npm ci: {said}");
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
}
