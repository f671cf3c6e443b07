using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>An application's address for logout tokens.</summary>
internal sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private LogoutReceiver(WebApplication app) => this.app = app;

    /// <summary>The bodies that came, as they came.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>What the next calls are answered, 200 once there is nothing left.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = new();

    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/signed-out";

    public IReadOnlyList<string> Tokens => [.. Bodies.Select(body => body["logout_token=".Length..])];

    public static async Task<LogoutReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new LogoutReceiver(builder.Build());
        receiver.app.Run(receiver.AnswerAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(http.RequestAborted));
        if (Answers.TryDequeue(out var answer))
            await answer(http);
    }
}
