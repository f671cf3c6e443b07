using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Runs due jobs, several at a time, and keeps what fails for a later attempt.</summary>
internal sealed partial class JobWorker(
    Database database,
    IEnumerable<JobKind> kinds,
    IServiceProvider services,
    Node node,
    WorkSignal wake,
    ReadinessGate ready,
    MessagingMetrics metrics,
    MessagingOptions options,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<JobWorker> logger
) : BackgroundService
{
    // Longer than any time-out of an outgoing call. The lease outlives it, so a job runs twice only when its node is gone.
    private static readonly TimeSpan MaxRun = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Lease = MaxRun + TimeSpan.FromMinutes(1);

    // A job that needed what cannot be asked now was not tried.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, JobKind> byKind = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);

    [SuppressMessage("Reliability", "CA2025", Justification = "The loop ends only when every slot has come back.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = TimeSpan.FromMilliseconds(options.PollMilliseconds);
        using var slots = new SemaphoreSlim(options.JobConcurrency);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ready.WaitAsync(stoppingToken);
                await slots.WaitAsync(stoppingToken);
                slots.Release();
                var jobs = await database.QueryAsync(
                    db =>
                        JobQueue.LeaseAsync(
                            db,
                            node.Id,
                            clock.GetUtcNow(),
                            Lease,
                            options.LeaseSeconds,
                            [.. byKind.Keys],
                            Math.Max(1, slots.CurrentCount)
                        ),
                    stoppingToken
                );
                foreach (var job in jobs)
                {
                    await slots.WaitAsync(stoppingToken);
                    _ = RunAsync(job, slots, stoppingToken);
                }

                if (jobs.Count == 0)
                    await wake.Jobs.WaitAsync(poll, stoppingToken);
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

        // Runs in progress see the stop and end; their slots come back.
        for (var slot = 0; slot < options.JobConcurrency; slot++)
            await slots.WaitAsync(CancellationToken.None);
    }

    private async Task RunAsync(LeasedJob job, SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        try
        {
            using var span = Spans.Start("job." + job.Kind, job.TraceParent);
            if (await AttemptAsync(job, stoppingToken) is { } result)
                await database.InTransactionAsync("job.conclude", tx => ConcludeAsync(tx, job, result), CancellationToken.None);
            else
                await database.QueryAsync(db => JobQueue.ReleaseAsync(db, job.Id, node.Id), CancellationToken.None);

            // The next of its order may go now.
            if (job.OrderKey is not null)
                wake.JobsWritten();
        }
        catch (Exception e)
        {
            if (!outage.Note(e))
                Log.NotConcluded(logger, job.Kind, job.Id, e);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <returns>Null when the stop of this node interrupted it.</returns>
    private async Task<JobResult?> AttemptAsync(LeasedJob job, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(MaxRun);
        try
        {
            return await byKind[job.Kind].RunAsync(services, job, limit.Token);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested && (e is DependencyAwayException || outage.Note(e)))
        {
            return JobResult.Later(Away);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, job.Kind, job.Id, job.Attempts, e);
            return JobResult.Retry(e.GetType().Name);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task<bool> ConcludeAsync(Transaction tx, LeasedJob job, JobResult result)
    {
        if (result.WantsTurn)
            return await JobQueue.PutOffAsync(tx, job.Id, node.Id, tx.Now + result.Wait) > 0;

        var givesUp = result.WantsRetry && job.Attempts >= options.MaxAttempts;
        var backOff = BackOff.After(job.Attempts);
        var concluded = result.WantsRetry
            ? await JobQueue.PostponeAsync(
                tx,
                job.Id,
                node.Id,
                givesUp ? "dead" : "ready",
                tx.Now + (result.Wait > backOff ? result.Wait : backOff),
                result.Reason
            )
            : await JobQueue.FinishAsync(tx, job.Id, node.Id);
        // No row: the lease ended and another node has the job. What it concludes counts.
        if (concluded == 0)
            return false;

        if (result.Conclude is { } conclude && (!result.WantsRetry || givesUp))
            await conclude(tx);
        if (givesUp)
            await byKind[job.Kind].OnGivingUp(tx, job.Id);
        metrics.JobRan(
            job.Kind,
            givesUp ? "given-up"
                : result.WantsRetry ? "retry"
                : "done"
        );
        if (givesUp)
            Log.GivenUp(logger, job.Kind, job.Id, result.Reason);
        else if (result.WantsRetry)
            Log.Postponed(logger, job.Kind, job.Id, job.Attempts, result.Reason);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Due jobs could not be fetched")]
        public static partial void RoundFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Job {Kind} {JobId} failed at attempt {Attempt}")]
        public static partial void Failed(ILogger logger, string kind, Guid jobId, int attempt, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "Job {Kind} {JobId} is postponed after attempt {Attempt}: {Reason}")]
        public static partial void Postponed(ILogger logger, string kind, Guid jobId, int attempt, string reason);

        [LoggerMessage(4, LogLevel.Error, "Job {Kind} {JobId} was given up: {Reason}")]
        public static partial void GivenUp(ILogger logger, string kind, Guid jobId, string reason);

        [LoggerMessage(5, LogLevel.Warning, "The end of job {Kind} {JobId} could not be stored; it runs again when its lease ends")]
        public static partial void NotConcluded(ILogger logger, string kind, Guid jobId, Exception exception);
    }
}
