using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Web;

/// <summary>
/// A node that is told to stop serves on for a while, saying that it is not ready and closing each connection with its answer: whoever
/// spreads requests over the nodes sees that before connections are rejected.
/// </summary>
public sealed class Draining(HttpOptions options, TimeProvider clock) : IHostedLifecycleService
{
    private volatile bool begun;

    public bool HasBegun => begun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        begun = true;
        await Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells the caller to send its next request on another connection.</summary>
    public Task CloseConnectionAsync(HttpContext http, RequestDelegate next)
    {
        if (begun)
            http.Response.Headers.Connection = "close";
        return next(http);
    }
}
