using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>Statements of the durable job queue.</summary>
internal static class JobQueue
{
    public static Task AppendAsync(Transaction tx, IReadOnlyList<QueuedJob> jobs) =>
        tx.ExecuteAsync(
            """
            insert into runtime.jobs (id, kind, payload, run_at, order_key, trace_parent, created_at)
            select j.id, j.kind, j.payload, j.run_at, j.order_key, nullif(j.trace, ''), @now
              from unnest(@ids, @kinds, @payloads, @times, @orderKeys, @traces) with ordinality
                   as j (id, kind, payload, run_at, order_key, trace, place)
             order by j.place
            on conflict (id) do nothing
            """,
            new
            {
                now = tx.Now,
                ids = jobs.Select(j => j.Id).ToArray(),
                kinds = jobs.Select(j => j.Kind).ToArray(),
                payloads = jobs.Select(j => j.Payload).ToArray(),
                times = jobs.Select(j => j.RunAt.UtcDateTime).ToArray(),
                orderKeys = jobs.Select(j => j.OrderKey).ToArray(),
                traces = jobs.Select(j => j.TraceParent ?? "").ToArray(),
            }
        );

    /// <summary>
    /// Leases due jobs to this node, those of a node that is gone too: one that has not been seen for <paramref name="goneSeconds"/>. A
    /// node that the others take for gone itself gets none. Of jobs with one order key the first goes, and alone.
    /// </summary>
    public static Task<IReadOnlyList<LeasedJob>> LeaseAsync(
        DbSession db,
        Guid node,
        DateTimeOffset now,
        TimeSpan lease,
        int goneSeconds,
        string[] kinds,
        int most
    ) =>
        db.ListAsync<LeasedJob>(
            """
            with alive as materialized (select id from runtime.nodes where seen_at > now() - make_interval(secs => @goneSeconds))
            update runtime.jobs set leased_by = @node, leased_until = now() + @lease, attempts = attempts + 1
             where exists (select 1 from alive where id = @node)
               and id in (select id from runtime.jobs j
                           where state = 'ready' and run_at <= @now and kind = any(@kinds)
                             and (leased_until is null or leased_until < now() or leased_by not in (select id from alive))
                             and not exists (select 1 from runtime.jobs before
                                              where before.order_key = j.order_key and before.number < j.number
                                                and before.kind = j.kind and before.state = 'ready')
                           order by run_at limit @most for update skip locked)
            returning id, kind, payload, attempts, order_key, trace_parent
            """,
            new
            {
                node,
                now,
                lease,
                goneSeconds,
                kinds,
                most,
            }
        );

    /// <summary>Gives a job back that this node did not finish, as if it had not been tried.</summary>
    public static Task<int> ReleaseAsync(DbSession db, Guid job, Guid node) =>
        db.ExecuteAsync(
            "update runtime.jobs set attempts = attempts - 1, leased_by = null, leased_until = null where id = @job and leased_by = @node",
            new { job, node }
        );

    /// <summary>Gives a job back that did not get its turn, until then.</summary>
    public static Task<int> PutOffAsync(Transaction tx, Guid job, Guid node, DateTimeOffset runAt) =>
        tx.ExecuteAsync(
            """
            update runtime.jobs set attempts = attempts - 1, run_at = @runAt, leased_by = null, leased_until = null
             where id = @job and leased_by = @node
            """,
            new
            {
                job,
                node,
                runAt,
            }
        );

    public static Task<int> FinishAsync(Transaction tx, Guid job, Guid node) =>
        tx.ExecuteAsync("delete from runtime.jobs where id = @job and leased_by = @node", new { job, node });

    public static Task<int> PostponeAsync(Transaction tx, Guid job, Guid node, string state, DateTimeOffset runAt, string reason) =>
        tx.ExecuteAsync(
            """
            update runtime.jobs set state = @state, run_at = @runAt, reason = @reason, leased_by = null, leased_until = null
             where id = @job and leased_by = @node
            """,
            new
            {
                job,
                node,
                state,
                runAt,
                reason,
            }
        );
}

internal sealed class LeasedJob
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public string Payload { get; init; } = "";

    public int Attempts { get; init; }

    public Guid? OrderKey { get; init; }

    public string? TraceParent { get; init; }
}
