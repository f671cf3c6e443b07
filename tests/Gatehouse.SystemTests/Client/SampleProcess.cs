using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Client;

/// <summary>The sample service as a process of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly HttpClient http;

    private SampleProcess(Process process, Uri address)
    {
        this.process = process;
        http = new HttpClient { BaseAddress = address };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', output);

    public bool HasEnded => process.HasExited;

    /// <param name="settings">Those of the library and of the service by name.</param>
    /// <param name="killAt">Where the process kills itself (Gatehouse.KillHook).</param>
    public static async Task<SampleProcess> StartAsync(IReadOnlyDictionary<string, string> settings, string? killAt = null)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{GatehouseProcess.FreePort()}"));
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Gatehouse.SampleService.dll"), "--urls", address.AbsoluteUri]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        if (killAt is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "Gatehouse.KillHook.dll");
            start.Environment["GATEHOUSE_KILL_AT"] = killAt;
        }

        var sample = new SampleProcess(Process.Start(start)!, address);
        await TestApp.EventuallyAsync(
            async () => sample.HasEnded || await sample.IsUpAsync(),
            "the sample service starts",
            meanwhile: () => sample.Output
        );
        return sample;
    }

    public async Task<HttpStatusCode> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The users whose registration was handled, each as often as it was.</summary>
    public async Task<IReadOnlyList<Guid>> CustomersAsync() =>
        (await http.GetFromJsonAsync<Guid[]>(new Uri("/customers", UriKind.Relative)))!;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            await CustomersAsync();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
