using Gatehouse.Core.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Messaging;

/// <summary>
/// One kind of durable work with effects outside the database. It may run more than once (a process can die after the effect and before
/// the note of it), so the effect carries an id by which the far side knows it again.
/// </summary>
public interface IJob
{
    /// <summary>Permanent name of the kind, such as <c>notifications.send</c>.</summary>
    static abstract string Kind { get; }

    /// <param name="attempt">1 for the first.</param>
    Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken);
}

/// <summary>What became of a job's run. An exception counts as retry.</summary>
public sealed record JobResult
{
    private JobResult(bool retry, string reason, Func<Transaction, Task>? conclude) =>
        (WantsRetry, Reason, Conclude) = (retry, reason, conclude);

    internal bool WantsRetry { get; }

    /// <summary>The job did not get its turn: the run is no attempt.</summary>
    internal bool WantsTurn { get; private init; }

    /// <summary>The least time before it runs again.</summary>
    internal TimeSpan Wait { get; private init; }

    /// <summary>Stored and shown to operators: no personal data.</summary>
    internal string Reason { get; }

    internal Func<Transaction, Task>? Conclude { get; }

    /// <param name="conclude">Writes that commit together with the end of the job.</param>
    public static JobResult Done(Func<Transaction, Task>? conclude = null) => new(retry: false, "", conclude);

    /// <param name="onGivingUp">Writes that commit when this was the last attempt.</param>
    /// <param name="notBefore">How long the far side asked to be left alone; the usual wait where that is longer.</param>
    public static JobResult Retry(string reason, Func<Transaction, Task>? onGivingUp = null, TimeSpan notBefore = default) =>
        new(retry: true, reason, onGivingUp) { Wait = notBefore };

    /// <summary>Gives the job back until its turn comes, as if it had not been tried.</summary>
    public static JobResult Later(TimeSpan wait) => new(retry: false, "", conclude: null) { WantsTurn = true, Wait = wait };
}

internal sealed record JobKind(string Kind, Func<IServiceProvider, LeasedJob, CancellationToken, Task<JobResult>> RunAsync)
{
    /// <summary>Writes that commit when the last attempt failed, whatever for.</summary>
    public Func<Transaction, Guid, Task> OnGivingUp { get; init; } = (_, _) => Task.CompletedTask;
}

public static class JobExtensions
{
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services)
        where TJob : class, IJob
    {
        services.AddSingleton<TJob>();
        services.AddSingleton(
            new JobKind(
                TJob.Kind,
                (provider, job, cancellationToken) =>
                    provider.GetRequiredService<TJob>().RunAsync(job.Payload, job.Attempts, cancellationToken)
            )
        );
        return services;
    }
}
