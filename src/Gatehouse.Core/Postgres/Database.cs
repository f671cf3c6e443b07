using Gatehouse.Core.Telemetry;
using Npgsql;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// The main database. A change, the events it publishes, the jobs it queues and its records for the audit commit together or not at all:
/// whatever has to be written with a transaction takes part in it (<see cref="ITransactionParticipant"/>).
/// Rejections are values, so a transaction commits whenever its work returns; only an exception rolls it back.
/// </summary>
public sealed class Database(
    DataSources sources,
    TablePartitions partitions,
    IEnumerable<ITransactionParticipant> participants,
    TimeProvider clock
)
{
    private const int MaxAttempts = 3;

    private readonly IReadOnlyList<ITransactionParticipant> participants = [.. participants];

    /// <summary>Runs <paramref name="work"/> in one transaction. It may run again after a deadlock, so what it changes outside the
    /// database it takes back (<see cref="Transaction.OnRollback"/>).</summary>
    /// <param name="name">What the transaction does, as it appears in traces: <c>registration.start</c>.</param>
    public Task<T> InTransactionAsync<T>(string name, Func<Transaction, Task<T>> work, CancellationToken cancellationToken) =>
        RepeatAsync(() => AttemptAsync(name, work, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs one statement that is a transaction by itself: a change together with all that has to commit with it, in one round trip. It may
    /// run again, like a transaction, and is not given up half-way.
    /// </summary>
    public Task<T> InStatementAsync<T>(string name, Func<DbSession, Task<T>> statement) =>
        RepeatAsync(
            async () =>
            {
                using var span = Spans.Start(name);
                using var commit = Spans.Start(name + ".commit");
                return await sources.Main.QueryAsync(statement, CancellationToken.None);
            },
            CancellationToken.None
        );

    /// <summary>Runs statements that need no transaction: each commits by itself.</summary>
    public Task<T> QueryAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellationToken) =>
        sources.Main.QueryAsync(work, cancellationToken);

    private async Task<T> RepeatAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (PostgresException e)
                when (number < MaxAttempts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // The database chose this transaction as the victim; the same work can succeed now.
            }
            catch (PostgresException e) when (number < MaxAttempts && TablePartitions.IsMissing(e))
            {
                await partitions.EnsureAsync(clock.GetUtcNow(), cancellationToken);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(string name, Func<Transaction, Task<T>> work, CancellationToken cancellationToken)
    {
        using var span = Spans.Start(name);
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tx = new Transaction(connection, transaction, clock.GetUtcNow(), cancellationToken);

        T result;
        try
        {
            result = await work(tx);
            foreach (var participant in participants)
                await participant.BeforeCommitAsync(tx);
        }
        catch
        {
            await tx.RolledBackAsync();
            throw;
        }

        // From here on the caller's impatience must not leave the outcome unknown.
        using (Spans.Start(name + ".commit"))
            await transaction.CommitAsync(CancellationToken.None);

        await tx.CommittedAsync();
        foreach (var participant in participants)
            participant.AfterCommit(tx);
        return result;
    }
}
