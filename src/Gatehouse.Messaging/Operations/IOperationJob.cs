using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;

namespace Gatehouse.Messaging;

/// <summary>
/// The work of one kind of operation. Like every job it may run more than once: after an outage, and after the death of its process, when
/// it finds its operation running and goes on.
/// </summary>
public interface IOperationJob
{
    /// <summary>Permanent name of the kind, such as <c>users.import</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>An exception counts as retry.</summary>
    Task<OperationResult> RunAsync(OperationRun run, CancellationToken cancellationToken);
}

/// <summary>What became of a run.</summary>
public sealed record OperationResult
{
    private OperationResult() { }

    internal string? Value { get; private init; }

    internal Error? Error { get; private init; }

    internal string? RetryReason { get; private init; }

    internal TimeSpan Wait { get; private init; }

    /// <param name="result">A JSON object that the actor is given; nothing personal that need not be in it.</param>
    public static OperationResult Succeeded(string? result = null) => new() { Value = result };

    /// <summary>It is not tried again: the actor is told why.</summary>
    public static OperationResult Rejected(Error error) => new() { Error = error };

    /// <summary>It did not work now, and will later.</summary>
    /// <param name="reason">Stored and shown to operators: no personal data.</param>
    public static OperationResult Retry(string reason, TimeSpan notBefore = default) => new() { RetryReason = reason, Wait = notBefore };
}

/// <summary>One run of an operation's job.</summary>
public sealed class OperationRun
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);

    private readonly Database database;
    private readonly TimeProvider clock;
    private long? lastReport;

    internal OperationRun(Operation operation, LeasedJob job, Database database, TimeProvider clock)
    {
        (Operation, Payload, Attempt) = (operation, job.Payload, job.Attempts);
        (this.database, this.clock) = (database, clock);
    }

    /// <summary>As it stood when the run began: a later run sees how far the one before came.</summary>
    public Operation Operation { get; }

    public string Payload { get; }

    /// <summary>1 for the first.</summary>
    public int Attempt { get; }

    /// <summary>Tells how far it came; called after each step, as often as that may be: it is written a few times a second. If the
    /// operation was canceled, this ends the run by an exception that must not be caught.</summary>
    public async Task ReportAsync(long done, long? total, CancellationToken cancellationToken)
    {
        if (lastReport is { } last && clock.GetElapsedTime(last) < BetweenReports && done != total)
            return;
        lastReport = clock.GetTimestamp();
        var goesOn = await database.InTransactionAsync(
            "operation.report",
            tx => OperationStore.ReportAsync(tx, Operation, done, total),
            cancellationToken
        );
        if (!goesOn)
            throw new OperationEndedException();
    }

    /// <summary>Lets the operation succeed together with a change: as the last of the transaction that makes it. If the operation is
    /// over, this takes the change back by an exception that must not be caught.</summary>
    /// <param name="result">See <see cref="OperationResult.Succeeded"/>.</param>
    public async Task SucceedAsync(Transaction tx, string? result = null)
    {
        if (!await OperationStore.FinishAsync(tx, Operation.Id, Messaging.Operation.Succeeded, result, error: null))
            throw new OperationEndedException();
    }

    /// <summary>Lets the operation fail together with what the rejection itself changes, such as the count of a wrong guess: so no later
    /// run changes it again. As the last of that transaction, like <see cref="SucceedAsync"/>.</summary>
    public async Task RejectAsync(Transaction tx, Error error)
    {
        if (!await OperationStore.FinishAsync(tx, Operation.Id, Messaging.Operation.Failed, result: null, error))
            throw new OperationEndedException();
    }
}

/// <summary>The operation was canceled, or is over otherwise.</summary>
internal sealed class OperationEndedException : Exception;
