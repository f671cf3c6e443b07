using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>A job without what it is given, which may be about somebody.</summary>
public sealed class ListedJob
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Dead = "dead";

    public static IReadOnlyList<string> States { get; } = [Waiting, Running, Dead];

    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed; null where none did.</summary>
    public string? Reason { get; init; }

    /// <summary>When it may run.</summary>
    public DateTimeOffset RunAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What became of an act on a job.</summary>
public enum JobAct
{
    Done,
    NotFound,
    WrongState,
}

/// <summary>Lists jobs for people, and lets them be tried again or canceled. The job is locked before its operation.</summary>
public sealed class JobList(Database database, WorkSignal wake)
{
    private const string Columns = """
        id, kind, attempts, reason, run_at, created_at,
        case when state = 'dead' then 'dead' when leased_until > now() then 'running' else 'waiting' end as state
        """;

    /// <param name="cursor">Jobs beyond it in the direction.</param>
    /// <param name="rows">At most so many, the nearest first.</param>
    public Task<IReadOnlyList<ListedJob>> ListAsync(
        (string? State, string? Kind) filter,
        Guid cursor,
        bool isAscending,
        int rows,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync(
            db =>
                db.ListAsync<ListedJob>(
                    $"""
                    select * from (select {Columns} from runtime.jobs) j
                     where id {(isAscending ? ">" : "<")} @cursor
                       and (@State::text is null or state = @State) and (@Kind::text is null or kind = @Kind)
                     order by id {(isAscending ? "asc" : "desc")}
                     limit @rows
                    """,
                    new
                    {
                        cursor,
                        filter.State,
                        filter.Kind,
                        rows,
                    }
                ),
            cancellationToken
        );

    public Task<ListedJob?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.QueryAsync(db => FindAsync(db, id), cancellationToken);

    /// <summary>Lets a job that was given up be tried again, as if it never had been; its operation goes on.</summary>
    public Task<JobAct> RetryAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ActAsync(
            "job.retried",
            id,
            actor,
            "update runtime.jobs set state = 'ready', attempts = 0, run_at = @Now where id = @id and state = 'dead' returning kind",
            tx => OperationStore.ReopenAsync(tx, [id]),
            cancellationToken
        );

    /// <summary>Removes a job that does not run; its operation is canceled.</summary>
    public Task<JobAct> CancelAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ActAsync(
            "job.canceled",
            id,
            actor,
            "delete from runtime.jobs where id = @id and (state = 'dead' or leased_until is null or leased_until <= now()) returning kind",
            tx => OperationStore.FinishAsync(tx, id, Operation.Canceled, result: null, error: null),
            cancellationToken
        );

    private Task<JobAct> ActAsync(
        string action,
        Guid id,
        Actor actor,
        string sql,
        Func<Transaction, Task> follow,
        CancellationToken cancellationToken
    ) =>
        database.InTransactionAsync(
            action,
            async tx =>
            {
                if (await tx.FirstOrDefaultAsync<string>(sql, new { id, tx.Now }) is not { } kind)
                    return await FindAsync(tx, id) is null ? JobAct.NotFound : JobAct.WrongState;
                await follow(tx);
                tx.Record(AuditRecord.Of(actor, action).WithFact("of", kind).WithFact("job", id.ToString()));
                tx.AfterCommit(wake.JobsWritten);
                return JobAct.Done;
            },
            cancellationToken
        );

    private static Task<ListedJob?> FindAsync(DbSession db, Guid id) =>
        db.FirstOrDefaultAsync<ListedJob>($"select {Columns} from runtime.jobs where id = @id", new { id });
}
