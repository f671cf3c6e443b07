using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Starts recurring work on one of the nodes: whoever moves the schedule's next run on, runs it.</summary>
internal sealed partial class Scheduler(
    Database database, IEnumerable<Schedule> schedules, IServiceProvider services, ReadinessGate ready, MessagingOptions options, DatabaseOutage outage, TimeProvider clock,
    ILogger<Scheduler> logger)
    : BackgroundService
{
    private readonly IReadOnlyList<Schedule> schedules = [.. schedules];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(options.PollMilliseconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ready.WaitAsync(stoppingToken);
                foreach (var name in await DueAsync(stoppingToken)) await RunAsync(schedules.First(s => s.Name == name), stoppingToken);
                await Task.Delay(poll, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!outage.Note(e)) Log.RoundFailed(logger, e);
                await Task.Delay(poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<IReadOnlyList<string>> DueAsync(CancellationToken cancellationToken) => database.QueryAsync(
        db => db.ListAsync<string>(
            """
            insert into runtime.schedules as s (name, next_run_at)
            select w.name, @now + w.every from unnest(@names, @intervals) as w (name, every)
             where not exists (select 1 from runtime.schedules s where s.name = w.name and s.next_run_at > @now)
            on conflict (name) do update set next_run_at = excluded.next_run_at where s.next_run_at <= @now
            returning name
            """,
            new { now = clock.GetUtcNow(), names = schedules.Select(s => s.Name).ToArray(), intervals = schedules.Select(s => s.Every).ToArray() }),
        cancellationToken);

    private async Task RunAsync(Schedule schedule, CancellationToken stoppingToken)
    {
        using var span = Spans.Start("recurring." + schedule.Name);
        try
        {
            await schedule.RunAsync(services, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (!outage.Note(e)) Log.Failed(logger, schedule.Name, e);
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
