using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;

namespace Gatehouse.Messaging;

/// <summary>Statements on operations. Where both are locked, the job goes first.</summary>
internal static class OperationStore
{
    private const string Columns = """
        tenant_id, id, actor, kind, state, cancel_requested, done, total, result, error, created_at, started_at, finished_at, version
        """;

    private const string Changed = "version = version + 1, changed_in = pg_current_xact_id()::text::bigint";

    public static Task<int> AddAsync(Transaction tx, IReadOnlyList<Operation> started)
    {
        tx.Collect<ChangedOperations>();
        return tx.ExecuteAsync(
            """
            insert into runtime.operations (tenant_id, id, actor, kind, state, created_at, version, changed_in)
            select tenant_id, id, actor, kind, 'queued', @Now, 1, pg_current_xact_id()::text::bigint
              from unnest(@tenants, @ids, @actors, @kinds) as started (tenant_id, id, actor, kind)
            """,
            new
            {
                tx.Now,
                tenants = started.Select(o => o.TenantId).ToArray(),
                ids = started.Select(o => o.Id).ToArray(),
                actors = started.Select(o => o.Actor).ToArray(),
                kinds = started.Select(o => o.Kind).ToArray(),
            }
        );
    }

    /// <summary>Notes that the job runs. Null if the operation is over.</summary>
    public static Task<Operation?> BeginAsync(Transaction tx, Guid id)
    {
        tx.Collect<ChangedOperations>();
        return tx.FirstOrDefaultAsync<Operation>(
            $"""
            update runtime.operations set state = 'running', started_at = coalesce(started_at, @Now), {Changed}
             where id = @id and state in ('queued', 'running')
            returning {Columns}
            """,
            new { id, tx.Now }
        );
    }

    /// <returns>False if the operation is over or to be canceled.</returns>
    public static async Task<bool> ReportAsync(Transaction tx, Operation operation, long done, long? total)
    {
        tx.Collect<ChangedOperations>();
        return await tx.ExecuteAsync(
                $"""
                update runtime.operations set done = @done, total = @total, {Changed}
                 where tenant_id = @TenantId and id = @Id and state = 'running' and not cancel_requested
                """,
                new
                {
                    operation.TenantId,
                    operation.Id,
                    done,
                    total,
                }
            ) > 0;
    }

    /// <returns>False if it was over before.</returns>
    public static async Task<bool> FinishAsync(Transaction tx, Guid id, string state, string? result, Error? error)
    {
        tx.Collect<ChangedOperations>();
        return await tx.ExecuteAsync(
                $"""
                update runtime.operations
                   set state = @state, result = @result, error = @error, finished_at = @Now, cancel_requested = false,
                       done = case when @state = 'succeeded' then coalesce(total, done) else done end, {Changed}
                 where id = @id and state in ('queued', 'running')
                """,
                new
                {
                    id,
                    state,
                    result,
                    error = error is null ? null : StoredError.Write(error),
                    tx.Now,
                }
            ) > 0;
    }

    /// <summary>The operation goes on, because its job does.</summary>
    public static Task<int> ReopenAsync(Transaction tx, IReadOnlyList<Guid> jobs)
    {
        tx.Collect<ChangedOperations>();
        return tx.ExecuteAsync(
            $"""
            update runtime.operations set state = 'queued', error = null, finished_at = null, {Changed}
             where id = any(@ids) and state = 'failed'
            """,
            new { ids = jobs.ToArray() }
        );
    }

    /// <summary>Ends a queued one and asks a running one to end. False if it was over before; null if there is none.</summary>
    public static async Task<bool?> CancelAsync(Transaction tx, OperationOwner owner, Guid id)
    {
        // What waits for another attempt, or its turn, comes to its end now.
        await tx.ExecuteAsync(
            """
            update runtime.jobs j set run_at = least(j.run_at, @Now)
              from runtime.operations o
             where j.id = @id and j.state = 'ready' and o.id = j.id and o.tenant_id = @TenantId and o.actor = @Actor
               and o.state in ('queued', 'running')
            """,
            new
            {
                id,
                owner.TenantId,
                owner.Actor,
                tx.Now,
            }
        );
        tx.Collect<ChangedOperations>();
        var parameters = new
        {
            id,
            owner.TenantId,
            owner.Actor,
            tx.Now,
        };
        var changed = await tx.ExecuteAsync(
            $"""
            update runtime.operations
               set state = case state when 'queued' then 'canceled' else state end,
                   finished_at = case state when 'queued' then @Now end,
                   cancel_requested = state = 'running', {Changed}
             where tenant_id = @TenantId and id = @id and actor = @Actor and state in ('queued', 'running')
            """,
            parameters
        );
        if (changed > 0)
            return true;
        return await tx.SingleAsync<bool>(
            "select exists (select 1 from runtime.operations where tenant_id = @TenantId and id = @id and actor = @Actor)",
            parameters
        )
            ? false
            : null;
    }

    public static Task<Operation?> FindAsync(DbSession db, OperationOwner owner, Guid id) =>
        db.FirstOrDefaultAsync<Operation>(
            $"select {Columns} from runtime.operations where tenant_id = @TenantId and id = @id and actor = @Actor",
            new
            {
                id,
                owner.TenantId,
                owner.Actor,
            }
        );

    /// <summary>What is not over, and what changed since the mark or, without one, ended after the time.</summary>
    public static Task<IReadOnlyList<Operation>> ListAsync(
        DbSession db,
        OperationOwner owner,
        long? since,
        DateTimeOffset endedAfter,
        int most
    ) =>
        db.ListAsync<Operation>(
            $"""
            select {Columns} from runtime.operations
             where tenant_id = @TenantId and actor = @Actor
               and (finished_at is null or case when @since::bigint is null then finished_at > @endedAfter else changed_in >= @since end)
             order by id desc limit @most
            """,
            new
            {
                owner.TenantId,
                owner.Actor,
                since,
                endedAfter,
                most,
            }
        );

    public static Task<IReadOnlyList<Operation>> ChangedAsync(DbSession db, long since, Guid[] actors) =>
        db.ListAsync<Operation>(
            $"select {Columns} from runtime.operations where changed_in >= @since and actor = any(@actors) order by changed_in, id",
            new { since, actors }
        );

    /// <summary>All changes below it are visible.</summary>
    public static Task<long> MarkAsync(DbSession db) =>
        db.SingleAsync<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");

    public static Task<int> PurgeAsync(DbSession db, DateTimeOffset before) =>
        db.ExecuteAsync("delete from runtime.operations where finished_at < @before", new { before });
}
