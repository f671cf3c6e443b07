using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>
/// Shares the partitions out among the nodes that are alive: each holds its part by a lease in database time, gives back what is above it,
/// and takes over what a silent node held. Positions move only under a lease that still stands.
/// </summary>
internal sealed class PartitionLeases(DataSources sources, Node node, MessagingOptions options)
{
    /// <summary>Renews this node's leases and evens them out, telling the others when it is new or has given partitions back. Returns the
    /// number of partitions it holds.</summary>
    public async Task<int> LeaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        // Nodes take turns: two that looked at once would reach for the same free partitions and leave the rest.
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.lanes', 0))");
        await Outages.RecordAsync(db);
        var held = await db.SingleAsync<int>(
            """
            with me as (
                insert into runtime.nodes (id, seen_at) values (@node, now())
                on conflict (id) do update set seen_at = excluded.seen_at
                returning xmax = 0 as joined),
            gone as (
                delete from runtime.nodes where seen_at < now() - make_interval(secs => @lease * 4) and id <> @node),
            others as (
                select count(*) as number, count(*) filter (where id < @node) as before
                  from runtime.nodes where seen_at > now() - make_interval(secs => @lease) and id <> @node),
            fair as (
                select @lanes / (number + 1) + case when before < @lanes % (number + 1) then 1 else 0 end as share from others),
            candidates as (
                select lane, row_number() over (order by (owner = @node) desc nulls last, lane) as place
                  from runtime.lanes
                 where owner is null or owner = @node or leased_until < now()),
            locked as (
                select l.lane, l.owner as holder, c.place
                  from runtime.lanes l join candidates c using (lane)
                 where owner is null or owner = @node or leased_until < now()
                   for update of l skip locked),
            leased as (
                update runtime.lanes l
                   set owner = case when k.place <= fair.share then @node end,
                       leased_until = case when k.place <= fair.share then now() + make_interval(secs => @lease) end
                  from locked k, fair
                 where l.lane = k.lane
                returning l.owner)
            select (select count(*)::int from leased where owner = @node),
                   case when (select joined from me)
                             or exists (select 1 from locked k, fair where k.holder = @node and k.place > fair.share)
                        then pg_notify(@channel, '')::text end
            """,
            new
            {
                node = node.Id,
                lease = options.LeaseSeconds,
                lanes = Partition.Count,
                channel = NodeSignals.PartitionsChannel,
            }
        );
        await transaction.CommitAsync(cancellationToken);
        return held;
    }

    /// <summary>Moves the positions of partitions this node still holds.</summary>
    public Task AcknowledgeAsync(
        IReadOnlyList<(short Partition, LogPosition Position)> acknowledged,
        CancellationToken cancellationToken
    ) =>
        sources.Main.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    update runtime.lanes l
                       set epoch = a.epoch, xid = a.xid, seq = a.seq
                      from unnest(@lanes, @epochs, @xids, @seqs) as a (lane, epoch, xid, seq)
                     where l.lane = a.lane and l.owner = @node and (l.epoch, l.xid, l.seq) < (a.epoch, a.xid, a.seq)
                    """,
                    new
                    {
                        node = node.Id,
                        lanes = acknowledged.Select(a => a.Partition).ToArray(),
                        epochs = acknowledged.Select(a => a.Position.Epoch).ToArray(),
                        xids = acknowledged.Select(a => a.Position.Xid).ToArray(),
                        seqs = acknowledged.Select(a => a.Position.Seq).ToArray(),
                    }
                ),
            cancellationToken
        );

    /// <summary>Gives the partitions back at a clean stop and says so, so that no other node waits for the lease to end.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        sources.Main.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    with gone as (delete from runtime.nodes where id = @node),
                    freed as (update runtime.lanes set owner = null, leased_until = null where owner = @node)
                    select pg_notify(@channel, '')
                    """,
                    new { node = node.Id, channel = NodeSignals.PartitionsChannel }
                ),
            cancellationToken
        );
}
