using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Messaging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Runtime.Startup;

/// <summary>
/// Prepares the databases before this node works. One that is away is waited for; a schema or master key that does not fit stops the program.
/// </summary>
internal sealed partial class StartUp(
    Preparation preparation, IEnumerable<IBeforeReady> modules, Ready ready, IHostApplicationLifetime lifetime, StartUpFailure failure, TimeProvider clock,
    ILogger<StartUp> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task waiting = Task.CompletedTask;

    /// <summary>Tries once before the server listens, so that a running database means ready at the first request; then goes on in the background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(attempt: 1, cancellationToken)) waiting = RepeatAsync(stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 2; ; attempt++)
            {
                var wait = BackOff.After(attempt - 1);
                await Task.Delay(wait < TimeSpan.FromSeconds(5) ? wait : TimeSpan.FromSeconds(5), clock, cancellationToken);
                if (await TryAsync(attempt, cancellationToken)) return;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            failure.Reason = e.Message;
            Log.CannotStart(logger, e.Message);
            lifetime.StopApplication();
        }
    }

    private async Task<bool> TryAsync(int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await preparation.RunAsync(cancellationToken);
            foreach (var module in modules) await module.PrepareAsync(cancellationToken);
            ready.Open();
            Log.Opened(logger);
            return true;
        }
        catch (Exception e) when (DatabaseFailure.IsAway(e))
        {
            Log.DatabaseAway(logger, attempt, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "Ready")]
        public static partial void Opened(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "The database does not answer (attempt {Attempt}): {Reason}")]
        public static partial void DatabaseAway(ILogger logger, int attempt, string reason);

        [LoggerMessage(4, LogLevel.Critical, "Cannot start: {Reason}")]
        public static partial void CannotStart(ILogger logger, string reason);
    }
}

/// <summary>Why the program stopped by itself, for the exit code; null when it did not.</summary>
public sealed class StartUpFailure
{
    public string? Reason { get; internal set; }
}
