using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>A stand-in of Twilio's Messages API that answers what the test says, and remembers everything it was sent.</summary>
internal sealed class TwilioServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TwilioServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async http =>
        {
            var form = await http.Request.ReadFormAsync();
            var received = new Received(
                $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}",
                http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal)
            );
            Requests.Enqueue(received);
            await Answer(received, http);
        });
    }

    public string Address => app.Urls.First();

    public ConcurrentQueue<Received> Requests { get; } = new();

    public Func<Received, HttpContext, Task> Answer { get; set; } = Accepting;

    /// <summary>201 with the message, as it is documented.</summary>
    public static Task Accepting(Received received, HttpContext http)
    {
        http.Response.StatusCode = 201;
        return http.Response.WriteAsJsonAsync(
            new
            {
                sid = "SM" + new string('1', 32),
                status = "queued",
                to = received.To,
                body = received.Fields.GetValueOrDefault("Body"),
                error_code = (int?)null,
            }
        );
    }

    public static Func<Received, HttpContext, Task> Status(int status, string body = "", string? retryAfter = null) =>
        async (_, http) =>
        {
            http.Response.StatusCode = status;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            await http.Response.WriteAsync(body);
        };

    /// <summary>A rejection, as it is documented: its text repeats the number.</summary>
    public static Func<Received, HttpContext, Task> Error(int code, int status = 400) =>
        (received, http) =>
            Status(
                status,
                $$"""{"code":{{code}},"message":"The 'To' number {{received.To}} is wrong.","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":{{status}}}"""
            )(received, http);

    public static async Task<TwilioServer> StartAsync()
    {
        var server = new TwilioServer();
        await server.app.StartAsync();
        return server;
    }

    public IReadOnlyList<Received> To(string number) => [.. Requests.Where(r => r.To.EndsWith(number, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    internal sealed record Received(string Target, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Fields)
    {
        public string To => Fields["To"];
    }
}
