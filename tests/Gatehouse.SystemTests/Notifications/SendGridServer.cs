using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>A stand-in of SendGrid's API that answers what the test says, and remembers everything it was sent.</summary>
internal sealed class SendGridServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private SendGridServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            var received = new Received(
                http.Request.Method,
                http.Request.Path + http.Request.QueryString.Value,
                JsonDocument.Parse(await body.ReadToEndAsync()).RootElement,
                http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)
            );
            await Answer(received, http);
            Requests.Enqueue(received);
        });
    }

    public string Address => app.Urls.First();

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Func<Received, HttpContext, Task> Answer { get; set; } = Status(202);

    public static Func<Received, HttpContext, Task> Status(int status, string body = "") =>
        async (_, http) =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
        };

    public static async Task<SendGridServer> StartAsync()
    {
        var server = new SendGridServer();
        await server.app.StartAsync();
        return server;
    }

    public IReadOnlyList<Received> To(string address) => [.. Requests.Where(r => r.To == address)];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    internal sealed record Received(string Method, string Target, JsonElement Body, IReadOnlyDictionary<string, string> Headers)
    {
        public string To => Body.GetProperty("personalizations")[0].GetProperty("to")[0].GetProperty("email").GetString()!;

        public string Argument(string name) => Body.GetProperty("custom_args").GetProperty(name).GetString()!;

        public string Text => Body.GetProperty("content")[0].GetProperty("value").GetString()!;
    }
}
