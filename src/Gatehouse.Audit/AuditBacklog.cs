using Gatehouse.Core.Backlogs;

namespace Gatehouse.Audit;

/// <summary>How many records wait to be sealed.</summary>
internal sealed class AuditBacklog : IBacklog
{
    public static string Name => "audit";

    public static string MeterName => AuditMetrics.MeterName;

    public static IReadOnlyList<BacklogLevel> Levels { get; } =
    [
        new()
        {
            Fact = "unsealedRecords",
            Gauge = "gatehouse.audit.unsealed",
            Unit = "{record}",
            Description = "Records of the audit in no sealed batch yet, up to 10,000.",
        },
        new()
        {
            Fact = "oldestUnsealedSeconds",
            Gauge = "gatehouse.audit.oldest_unsealed",
            Unit = "s",
            Description = "Age of the oldest record of the audit in no sealed batch yet.",
        },
    ];

    public static string Query =>
        """
            select array[count(*), coalesce(greatest(0, extract(epoch from @now - min(u.recorded_at))), 0)]::float8[]
              from (select coalesce(max(number), 0) as number from audit.batches) newest
              left join audit.batches b using (number)
             cross join lateral (
                   select a.recorded_at from audit.records a
                    where (a.epoch, a.xid, a.seq) > (coalesce(b.last_epoch, 0), coalesce(b.last_xid, 0), coalesce(b.last_seq, 0))
                    order by a.epoch, a.xid, a.seq
                    limit 10000) u
            """;
}
