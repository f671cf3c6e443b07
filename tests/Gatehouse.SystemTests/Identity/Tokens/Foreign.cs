using System.Diagnostics;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>A service of another make: Node.js and its JOSE library, which know nothing of Gatehouse but the address of its keys.</summary>
internal sealed class Foreign : IDisposable
{
    private const string Folder = "Foreign";

    private readonly Process process;

    private Foreign(Process process) => this.process = process;

    public static async Task<Foreign> StartAsync(TestApp app)
    {
        await NodePackages.InstallAsync(Folder);
        var keys = new Uri(app.Http.BaseAddress!, "/.well-known/jwks.json");
        return new Foreign(Start("node", "verify.mjs", keys.AbsoluteUri, "http://localhost:8080", "http://localhost:8080"));
    }

    /// <summary>A program of the folder, which answers each line it is given with one.</summary>
    public static async Task<Foreign> RunAsync(string program, params string[] arguments)
    {
        await NodePackages.InstallAsync(Folder);
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

    private static Process Start(string program, params string[] arguments) => NodePackages.Start(Folder, program, arguments);
}
