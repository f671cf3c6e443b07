using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Identity.Captcha;

/// <summary>A stand-in of the providers' siteverify, which answers as they document it and remembers everything it was sent.</summary>
internal sealed class CaptchaServer : IAsyncDisposable
{
    public const string Secret = "0x4-the-secret-of-the-site";
    public const string Good = "0.good-token_of-a.human";

    private readonly WebApplication app;

    private CaptchaServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async http =>
        {
            var form = await http.Request.ReadFormAsync();
            var fields = form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
            Requests.Enqueue(
                new Received(
                    $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}",
                    [.. http.Request.Headers.Keys.Order(StringComparer.Ordinal)],
                    fields
                )
            );
            await (Answer ?? Judging)(fields, http);
        });
    }

    public string Address => app.Urls.First() + "/siteverify";

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Null for the provider's own judgement of <see cref="Good"/> and all else.</summary>
    public Func<IReadOnlyDictionary<string, string>, HttpContext, Task>? Answer { get; set; }

    public static async Task<CaptchaServer> StartAsync()
    {
        var server = new CaptchaServer();
        await server.app.StartAsync();
        return server;
    }

    /// <summary>A body as it stands.</summary>
    public static Func<IReadOnlyDictionary<string, string>, HttpContext, Task> Body(string body, int status = 200) =>
        (_, http) =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body);
        };

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private static Task Judging(IReadOnlyDictionary<string, string> fields, HttpContext http) =>
        http.Response.WriteAsync(
            fields["secret"] != Secret ? """{"success":false,"error-codes":["invalid-input-secret"]}"""
            : fields["response"] != Good ? """{"success":false,"error-codes":["invalid-input-response"]}"""
            : """
            {"success":true,"challenge_ts":"2026-02-28T15:14:30.096Z","hostname":"accounts.example.com","error-codes":[],"action":"",
             "cdata":"","metadata":{"interactive":false}}
            """
        );

    internal sealed record Received(string Target, IReadOnlyList<string> Headers, IReadOnlyDictionary<string, string> Fields);
}
