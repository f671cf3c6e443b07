using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Starts recurring work on one of the nodes: whoever moves its next run on, runs it, beside what else is due.</summary>
internal sealed partial class Scheduler(
    Database database,
    IEnumerable<Schedule> schedules,
    IServiceProvider services,
    ReadinessGate ready,
    MessagingOptions options,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<Scheduler> logger
) : BackgroundService
{
    private readonly Dictionary<string, Schedule> byName = schedules.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, Task> running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(options.PollMilliseconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ready.WaitAsync(stoppingToken);
                foreach (var (name, _) in running.Where(r => r.Value.IsCompleted).ToList())
                    running.Remove(name);
                foreach (var name in await DueAsync(stoppingToken))
                    running[name] = RunAsync(byName[name], stoppingToken);
                await Task.Delay(poll, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                if (!outage.Note(e))
                    Log.RoundFailed(logger, e);
                await Task.Delay(poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // What still runs here is not started beside itself.
    private Task<IReadOnlyList<string>> DueAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ListAsync<string>(
                    """
                    insert into runtime.schedules as s (name, next_run_at)
                    select w.name, @now + w.every from unnest(@names, @intervals) as w (name, every)
                     where not exists (select 1 from runtime.schedules s where s.name = w.name and s.next_run_at > @now)
                    on conflict (name) do update set next_run_at = excluded.next_run_at where s.next_run_at <= @now
                    returning name
                    """,
                    new
                    {
                        now = clock.GetUtcNow(),
                        names = Idle().Select(s => s.Name).ToArray(),
                        intervals = Idle().Select(s => s.Every).ToArray(),
                    }
                ),
            cancellationToken
        );

    private IEnumerable<Schedule> Idle() => byName.Values.Where(s => !running.ContainsKey(s.Name));

    private async Task RunAsync(Schedule schedule, CancellationToken stoppingToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var span = Spans.Start("recurring." + schedule.Name);
        try
        {
            await schedule.RunAsync(services, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (!outage.Note(e))
                Log.Failed(logger, schedule.Name, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The schedules could not be read")]
        public static partial void RoundFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Recurring work {Name} failed; it runs again at its next time")]
        public static partial void Failed(ILogger logger, string name, Exception exception);
    }
}
