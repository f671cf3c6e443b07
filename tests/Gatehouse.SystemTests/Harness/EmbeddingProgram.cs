using System.Security.Claims;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.SystemTests.Harness;

/// <summary>A small program as somebody else would write it, with endpoints of its own and Gatehouse in it.</summary>
internal sealed class EmbeddingProgram : IAsyncDisposable
{
    private readonly WebApplication program;
    private readonly SocketsHttpHandler connections = new() { AllowAutoRedirect = false, UseCookies = false };

    private EmbeddingProgram(WebApplication program, LogLines logs)
    {
        (this.program, Logs) = (program, logs);
        Client = new HttpClient(connections) { BaseAddress = new Uri(program.Urls.First()), Timeout = TestApp.Patience };
    }

    public HttpClient Client { get; }

    public LogLines Logs { get; }

    /// <summary>On the databases and under the clock of <paramref name="beside"/>, where people sign in.</summary>
    public static async Task<EmbeddingProgram> StartAsync(TestApp beside, Action<IServiceCollection> configure)
    {
        var logs = new LogLines();
        var app = Build(
            "Development",
            TestApp.Settings(beside.Databases.Main, beside.Databases.Keys),
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(logs));
                services.AddSingleton<TimeProvider>(beside.Clock);
                services.AddSingleton<IModule>(new SilentModule());
                configure(services);
            }
        );
        await app.StartAsync();
        return new EmbeddingProgram(app, logs);
    }

    public static WebApplication Build(
        string environment,
        IReadOnlyDictionary<string, string?> settings,
        Action<IServiceCollection> configure
    )
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Gatehouse:" + s.Key, s.Value)));
        builder.Services.AddGatehouse(builder.Configuration);
        configure(builder.Services);

        var app = builder.Build();
        app.UseGatehouse();
        app.MapGatehouse();
        app.MapGet("/mine", (ClaimsPrincipal user) => TypedResults.Json(user.Claims.ToDictionary(c => c.Type, c => c.Value)))
            .RequireAuthorization();
        app.MapPost("/mine", (ClaimsPrincipal user) => user.FindFirst("sub")!.Value).RequireAuthorization();
        app.MapGet("/silent", () => "anybody");
        app.MapPost("/upload", async (Stream body) => TypedResults.Text(await CountAsync(body)));
        return app;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        connections.Dispose();
        await program.StopAsync();
        await program.DisposeAsync();
    }

    private static async Task<string> CountAsync(Stream body)
    {
        using var read = new MemoryStream();
        await body.CopyToAsync(read);
        return $"{read.Length}";
    }

    /// <summary>A module with an operation that forgot to say who may call it, and one that reads its body itself.</summary>
    private sealed class SilentModule : IModule
    {
        public string Name => "silent";

        public IReadOnlyList<IArea> Areas { get; } = [new SilentArea()];
    }

    private sealed class SilentArea : IArea
    {
        public IReadOnlyList<Slice> Slices { get; } =
        [
            Slice.Routes(routes => routes.MapV1("Silent").MapGet("/silent", () => "anybody")),
            Slice.Routes(routes =>
                routes.MapPost("/v1/body", async (Stream body) => TypedResults.Text(await CountAsync(body))).AllowAnonymous()
            ),
        ];

        public void AddServices(IServiceCollection services, IConfiguration configuration) { }
    }
}
