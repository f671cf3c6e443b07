using Gatehouse.Contracts.Activity;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>Reads the figures and, of the last minute, the records that wait to be sealed: both in one statement, so that none is counted
/// twice while sealing goes on.</summary>
internal sealed class Figures(Database database) : IActivityFigures
{
    /// <summary>More than this are only waiting when sealing stands still; then the newest are missing until it goes on.</summary>
    internal const int MaxUnsealed = 5_000;

    private const string Both = """
        select hour, action, result, count
          from audit.figures
         where tenant_id = @tenant and hour >= @from and hour < @to
        union all
        select date_trunc('hour', u.recorded_at, 'UTC'), u.action, u.result, count(*)
          from (select coalesce(max(number), 0) as number from audit.batches) newest
          left join audit.batches b using (number)
         cross join lateral (
               select a.tenant_id, a.recorded_at, a.action, a.result from audit.records a
                where (a.epoch, a.xid, a.seq) > (coalesce(b.last_epoch, 0), coalesce(b.last_xid, 0), coalesce(b.last_seq, 0))
                order by a.epoch, a.xid, a.seq
                limit @most) u
         where u.tenant_id = @tenant and u.recorded_at >= @from and u.recorded_at < @to
         group by 1, 2, 3
        """;

    public async ValueTask<IReadOnlyList<ActivityCount>> ReadAsync(
        Guid tenantId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await ListAsync(
                    $"select hour, action, result, sum(count)::bigint as count from ({Both}) f group by 1, 2, 3 order by 1, 2, 3",
                    tenantId,
                    from,
                    to,
                    cancellationToken
                )
            ).Select(row => new ActivityCount
            {
                Hour = row.Hour,
                Action = row.Action,
                Result = row.Result,
                Count = row.Count,
            }),
        ];

    public async ValueTask<IReadOnlyList<ActivitySum>> SumAsync(
        Guid tenantId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await ListAsync(
                    $"select action, result, sum(count)::bigint as count from ({Both}) f group by 1, 2 order by 1, 2",
                    tenantId,
                    from,
                    to,
                    cancellationToken
                )
            ).Select(row => new ActivitySum
            {
                Action = row.Action,
                Result = row.Result,
                Count = row.Count,
            }),
        ];

    private Task<IReadOnlyList<Row>> ListAsync(
        string statement,
        Guid tenant,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync(
            db =>
                db.ListAsync<Row>(
                    statement,
                    new
                    {
                        tenant,
                        from = ActivityCounts.HourOf(from),
                        to = ActivityCounts.EndOf(to),
                        most = MaxUnsealed,
                    }
                ),
            cancellationToken
        );

    private sealed class Row
    {
        public DateTimeOffset Hour { get; init; }

        public string Action { get; init; } = "";

        public string Result { get; init; } = "";

        public long Count { get; init; }
    }
}
