using System.Collections.Concurrent;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>Somebody's program on this machine that events are posted to.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>What came, as it came.</summary>
    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>How it answers; null for 200.</summary>
    public Func<HttpContext, Received, Task>? Answer { get; set; }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/events";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.AnswerAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public IReadOnlyList<Received> Of(Guid subject) => [.. All.Where(r => r.Event.GetProperty("subject").GetGuid() == subject)];

    /// <summary>Waits until so many came that are about the subject.</summary>
    public async Task<IReadOnlyList<Received>> WaitAsync(Guid subject, int count)
    {
        await TestApp.EventuallyAsync(() => Task.FromResult(Of(subject).Count >= count), $"{count} events came");
        return Of(subject);
    }

    public void AnswerWith(int status) =>
        Answer = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var received = new Received(await reader.ReadToEndAsync(http.RequestAborted), http.Request.ContentType)
        {
            Headers = new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)),
        };
        All.Enqueue(received);
        if (Answer is { } answer)
            await answer(http, received);
    }
}

internal sealed record Received(string Body, string? ContentType)
{
    public required IHeaderDictionary Headers { get; init; }

    public JsonElement Event => JsonDocument.Parse(Body).RootElement;

    public string? Type => Event.GetProperty("type").GetString();
}
