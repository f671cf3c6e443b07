using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>A mailer of somebody's own: it answers what the test says, and remembers everything it was sent.</summary>
internal sealed class MailerServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private MailerServer(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(certificate);
                }
            )
        );
        app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var received = new Received(
                http.Request.Method,
                http.Request.Path + http.Request.QueryString.Value,
                Encoding.UTF8.GetString(body.ToArray()),
                new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase))
            );
            Requests.Enqueue(received);
            await Answer(received, http);
        });
    }

    /// <summary>Where messages are taken.</summary>
    public string Url => app.Urls.First() + "/v1/messages?key=of-the-mailer";

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Func<Received, HttpContext, Task> Answer { get; set; } = Status(200);

    public static Func<Received, HttpContext, Task> Status(int status, string body = "") =>
        async (_, http) =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
        };

    public static async Task<MailerServer> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new MailerServer(certificate);
        await server.app.StartAsync();
        return server;
    }

    public IReadOnlyList<Received> To(string address) => [.. Requests.Where(r => r.Method == "POST" && r.To == address)];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    internal sealed record Received(string Method, string Target, string Body, IHeaderDictionary Headers)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string Id => Headers["webhook-id"].ToString();

        public string To => Json.GetProperty("email").GetProperty("to")[0].GetString()!;

        public string Code => Regex.Match(Json.GetProperty("email").GetProperty("body").GetString()!, @"\b\d{6}\b").Value;
    }
}
