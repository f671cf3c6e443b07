using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>A place in the log: events are ordered by it, and a reader's position is the last place it has dealt with.</summary>
internal sealed record LogPosition(int Epoch, long Xid, long Seq);

/// <summary>Writes to and reads from the one retained log of events.</summary>
internal sealed class EventLog : IWrittenPositions
{
    public static PartitionedTable Events { get; } =
        new()
        {
            Schema = "runtime",
            Name = "events",
            Span = PartitionSpan.Day,
            // Every partition must be past all of its events.
            IsNeededAsync = (db, partition) =>
                db.SingleAsync<bool>(
                    $"""
                    select exists (select 1 from {partition} e join runtime.lanes l on l.lane = e.lane
                                   where (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq))
                    """
                ),
        };

    public Task<IReadOnlyList<WrittenPosition>> NewestAsync(DbSession db) =>
        db.ListAsync<WrittenPosition>(
            """
            select newest.epoch, newest.xid
              from runtime.lanes l
             cross join lateral (select e.epoch, e.xid from runtime.events e where e.lane = l.lane
                                 order by e.epoch desc, e.xid desc limit 1) newest
            union all
            select l.epoch, l.xid from runtime.lanes l
            """
        );

    public static Task AppendAsync(Transaction tx, IReadOnlyList<EventEnvelope> events, int epoch) =>
        tx.ExecuteAsync(
            """
            insert into runtime.events (id, lane, epoch, tenant_id, key, subject_version, type, topic, occurred_at, trace_parent, data)
            select e.id, e.lane, @epoch, e.tenant_id, e.key, nullif(e.subject_version, 0), e.type, e.topic, @now,
                   nullif(e.trace_parent, ''), e.data
              from unnest(@ids, @lanes, @tenants, @keys, @versions, @types, @topics, @traces, @data)
                   with ordinality as e (id, lane, tenant_id, key, subject_version, type, topic, trace_parent, data, number)
             order by e.number
            """,
            new
            {
                epoch,
                now = tx.Now,
                ids = events.Select(e => e.Id).ToArray(),
                lanes = events.Select(e => Partition.Of(e.Key)).ToArray(),
                tenants = events.Select(e => e.TenantId).ToArray(),
                keys = events.Select(e => e.Key).ToArray(),
                versions = events.Select(e => e.SubjectVersion ?? 0).ToArray(),
                types = events.Select(e => e.Type).ToArray(),
                topics = events.Select(e => e.Topic).ToArray(),
                traces = events.Select(e => e.TraceParent ?? "").ToArray(),
                data = events.Select(e => e.Data).ToArray(),
            }
        );

    /// <summary>
    /// What the partitions of this node have next. An event is stable when no transaction that may still commit lies before it; the first
    /// unstable one of a partition ends that partition's part, and tells the dispatcher to look again shortly.
    /// </summary>
    public static Task<IReadOnlyList<LoggedEvent>> NextAsync(DbSession db, Guid owner, int perPartition) =>
        db.ListAsync<LoggedEvent>(
            """
            select l.lane as Partition, e.epoch, e.xid, e.seq, e.stable, e.id, e.type, e.topic, e.tenant_id, e.key,
                   e.subject_version, e.occurred_at as Time, e.trace_parent, e.data
              from runtime.lanes l
             cross join lateral (
                   select e.*, (e.epoch < (select max(epoch) from runtime.log_epochs)
                                or e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint) as stable
                     from runtime.events e
                    where e.lane = l.lane and (e.epoch, e.xid, e.seq) > (l.epoch, l.xid, l.seq)
                    order by e.epoch, e.xid, e.seq
                    limit @perPartition) e
             where l.owner = @owner
             order by l.lane, e.epoch, e.xid, e.seq
            """,
            new { owner, perPartition }
        );
}

/// <summary>A row of the log as its readers have it.</summary>
internal class LoggedEvent
{
    public short Partition { get; init; }

    public int Epoch { get; init; }

    public long Xid { get; init; }

    public long Seq { get; init; }

    public bool Stable { get; init; }

    public Guid Id { get; init; }

    public string Type { get; init; } = "";

    public string Topic { get; init; } = "";

    public Guid TenantId { get; init; }

    public Guid Key { get; init; }

    public long? SubjectVersion { get; init; }

    public DateTimeOffset Time { get; init; }

    public string? TraceParent { get; init; }

    public string Data { get; init; } = "";

    public LogPosition Position => new(Epoch, Xid, Seq);

    public EventEnvelope Envelope =>
        new()
        {
            Id = Id,
            Type = Type,
            Topic = Topic,
            TenantId = TenantId,
            Key = Key,
            SubjectVersion = SubjectVersion,
            Time = Time,
            TraceParent = TraceParent,
            Data = Data,
        };
}
