using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Core.Startup;

/// <summary>
/// Prepares the databases before this node works. One that is away, and a clock that is wrong, are waited for; a schema or master key that
/// does not fit stops the program.
/// </summary>
internal sealed partial class StartupService(
    DatabaseInitializer preparation,
    IEnumerable<IStartupTask> tasks,
    ReadinessGate ready,
    IHostApplicationLifetime lifetime,
    StartupStatus failure,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<StartupService> logger
) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task waiting = Task.CompletedTask;

    /// <summary>Tries once before the server listens, so that a running database means ready at the first request; then goes on in the
    /// background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(cancellationToken))
            waiting = RepeatAsync(stopping.Token);
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
                if (await TryAsync(cancellationToken))
                    return;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            failure.Reason = e.Message;
            Log.CannotStart(logger, e.Message);
            lifetime.StopApplication();
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await preparation.RunAsync(cancellationToken);
            foreach (var task in tasks.Where(t => !t.IsForCommands))
                await task.PrepareAsync(cancellationToken);
            ready.Open();
            Log.Opened(logger);
            return true;
        }
        catch (Exception e) when (outage.Note(e))
        {
            outage.Failed(DatabaseFailure.Reason(e));
            return false;
        }
        catch (ClockSkewException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "Ready")]
        public static partial void Opened(ILogger logger);

        [LoggerMessage(4, LogLevel.Critical, "Cannot start: {Reason}")]
        public static partial void CannotStart(ILogger logger, string reason);
    }
}

/// <summary>Why the program stopped by itself, for the exit code; null when it did not.</summary>
public sealed class StartupStatus
{
    public string? Reason { get; internal set; }
}
