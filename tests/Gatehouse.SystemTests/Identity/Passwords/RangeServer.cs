using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Identity.Passwords;

/// <summary>A range service that answers what the test says, and remembers everything it was sent.</summary>
internal sealed class RangeServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private RangeServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            Requests.Enqueue(
                new Received(
                    http.Request.Method,
                    http.Request.Path + http.Request.QueryString.Value,
                    await body.ReadToEndAsync(),
                    http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                )
            );
            await Answer(http);
        });
    }

    public string Address => app.Urls.First();

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Func<HttpContext, Task> Answer { get; set; } = http => http.Response.WriteAsync("");

    public static async Task<RangeServer> StartAsync()
    {
        var server = new RangeServer();
        await server.app.StartAsync();
        return server;
    }

    public void Lists(string password, int seen) =>
        Answer = http =>
            http.Response.WriteAsync(
                $"00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n{Digest(password)[5..]}:{seen}\r\nFFD4F6E8FA6EECAD2A3AA415EEC418D38EC:0"
            );

    [SuppressMessage("Security", "CA5350", Justification = "Ranges are ranges of SHA-1.")]
    public static string Digest(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    internal sealed record Received(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);
}
