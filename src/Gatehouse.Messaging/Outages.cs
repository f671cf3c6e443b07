using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>
/// When the database served no node, by its own record and in its own time: nodes that are started afterwards know it as well. It shows as
/// a gap in the signs of life that all nodes leave there when they renew their leases. A clean stop of the last node leaves none.
/// </summary>
public static class Outages
{
    /// <summary>Nodes leave a sign of life at least this often.</summary>
    internal static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    // Half of the interval may pass before a late sign means anything.
    private static readonly TimeSpan Silence = SignOfLife * 1.5;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Writes the gap down that the node's own sign of life is about to close. The caller holds the lock under which nodes take
    /// turns.</summary>
    internal static Task RecordAsync(DbSession db) =>
        db.ExecuteAsync(
            """
            with gone as (delete from runtime.outages where ended < now() - @kept)
            insert into runtime.outages (began, ended)
            select max(seen_at), now() from runtime.nodes having max(seen_at) < now() - @silence
            on conflict do nothing
            """,
            new { kept = Kept, silence = Silence }
        );

    /// <summary>How much of the last <paramref name="period"/> the database served no node.</summary>
    public static Task<TimeSpan> WithinAsync(DbSession db, TimeSpan period) =>
        db.SingleAsync<TimeSpan>(
            """
            with outages as (
                select tstzrange(began, ended) as time from runtime.outages
                union all
                select tstzrange(max(seen_at), now()) from runtime.nodes having max(seen_at) < now() - @silence)
            select coalesce(sum(upper(part) - lower(part)), interval '0')
              from unnest((select range_agg(time) from outages) * tstzmultirange(tstzrange(now() - @period, now()))) as part
            """,
            new { period, silence = Silence }
        );
}
