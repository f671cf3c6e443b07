using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Examples;

/// <summary>The adapter of the food-delivery system as a process of its own.</summary>
internal sealed class AdapterProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly HttpClient http;

    private AdapterProcess(Process process, Uri address, string calls)
    {
        (this.process, Calls) = (process, calls);
        http = new HttpClient(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
            }
        )
        {
            BaseAddress = address,
            Timeout = TestApp.Patience,
        };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', output);

    /// <summary>Where <c>roles.RolesService</c> is.</summary>
    public string Calls { get; }

    public static async Task<AdapterProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var (port, calls) = (GatehouseProcess.FreePort(), GatehouseProcess.FreePort());
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["FoodDelivery:HttpPort"] = port.ToString(CultureInfo.InvariantCulture),
            ["FoodDelivery:GrpcPort"] = calls.ToString(CultureInfo.InvariantCulture),
        };
        var adapter = new AdapterProcess(
            Launch(all),
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{calls}")
        );
        await TestApp.EventuallyAsync(
            async () => adapter.process.HasExited || await adapter.IsUpAsync(),
            "the adapter starts",
            meanwhile: () => adapter.Output
        );
        Assert.False(adapter.process.HasExited, adapter.Output);
        return adapter;
    }

    /// <summary>Runs a command of it to its end.</summary>
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        using var command = Launch(settings, arguments);
        await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode;
    }

    /// <param name="method">The method.</param>
    /// <param name="path">Below <c>/api/v1</c>.</param>
    /// <param name="body">JSON, a text as it is, or nothing.</param>
    /// <param name="cookies">What the browser holds.</param>
    /// <param name="origin">The front end.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, Cookies? cookies = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path)
        {
            Content = body switch
            {
                null => null,
                string text => new StringContent(text, System.Text.Encoding.UTF8, "application/json"),
                HttpContent content => content,
                _ => JsonContent.Create(body),
            },
        };
        if (cookies is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookies.ToString());
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && answer.Length > 0;
        cookies?.Take(response);
        return new Answer(response.StatusCode, isJson ? JsonDocument.Parse(answer).RootElement : default, answer, response);
    }

    public Task<string> TextAsync(string path) => http.GetStringAsync(new Uri(path, UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
    }

    private static Process Launch(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FoodDelivery.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            await TextAsync("/default-avatar.svg");
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }
}

/// <summary>The cookies of a browser.</summary>
internal sealed class Cookies
{
    private readonly Dictionary<string, string> held = new(StringComparer.Ordinal);

    /// <summary>The lines of the last answer that set any.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public string? this[string name]
    {
        get => held.GetValueOrDefault(name);
        set => held[name] = value!;
    }

    public void Remove(string name) => held.Remove(name);

    public void Take(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var lines))
            return;
        Lines = [.. lines];
        foreach (var line in Lines)
        {
            var pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
                held.Remove(pair[0]);
            else
                held[pair[0]] = pair[1];
        }
    }

    public override string ToString() => string.Join("; ", held.Select(pair => $"{pair.Key}={pair.Value}"));
}
