using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;

namespace Gatehouse.Encryption;

/// <summary>
/// Wraps every stored key by the first master key, so that older ones can be removed. The keys themselves stay what they are, so running
/// nodes notice nothing. Each batch commits by itself: after a crash the next run goes on with what is left. Rows that another transaction
/// holds are left for the next pass, so nobody waits for this but for one batch, and several runs share the work.
/// </summary>
public sealed class RewrapKeys(DataSources sources, MasterKeys masterKeys, IEnumerable<WrappedKeyTable> tables)
{
    private const int BatchSize = 1000;

    // What is still there after this many passes is written by a node that wraps with an older master key, or held by a hung transaction.
    private const int MaxPasses = 3;

    /// <param name="onBatch">Hears how many keys each batch wrapped.</param>
    public async Task RunAsync(Action<int> onBatch, CancellationToken cancellationToken)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var done = 0;
            foreach (var table in tables)
                done += await RewrapAsync(table, onBatch, cancellationToken);
            if (done == 0)
                return;
        }
    }

    private async Task<int> RewrapAsync(WrappedKeyTable table, Action<int> onBatch, CancellationToken cancellationToken)
    {
        var (done, after) = (0, table.First);
        while (true)
        {
            var batch = await RewrapAsync(table, after, cancellationToken);
            if (batch.Count == 0)
                return done;
            done += batch.Count;
            after = batch[^1].Id;
            onBatch(batch.Count);
        }
    }

    private async Task<IReadOnlyList<WrappedKeyRow>> RewrapAsync(WrappedKeyTable table, string after, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("keys.rewrap");
        await using var connection = await sources.Keys.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        var rows = await db.ListAsync<WrappedKeyRow>(
            $"""
            select {table.Id}::text as id, master_key, wrapped from {table.Name}
             where {table.Id} > @after::{table.IdType} and master_key <> @CurrentId
             order by {table.Id} limit {BatchSize} for update skip locked
            """,
            new { after, masterKeys.CurrentId }
        );
        if (rows.Count == 0)
            return rows;
        await db.ExecuteAsync(
            $"""
            update {table.Name} as stored set master_key = @CurrentId, wrapped = anew.wrapped
              from unnest(@ids::{table.IdType}[], @boxes) as anew (id, wrapped)
             where {table.Id} = anew.id
            """,
            new
            {
                masterKeys.CurrentId,
                ids = rows.Select(r => r.Id).ToArray(),
                boxes = rows.Select(r => Rewrap(table.Purpose(r.Id), r)).ToArray(),
            }
        );
        using (Spans.Start("keys.rewrap.commit"))
            await transaction.CommitAsync(CancellationToken.None);
        return rows;
    }

    private byte[] Rewrap(string purpose, WrappedKeyRow row) =>
        masterKeys.Wrap(purpose, masterKeys.Unwrap(row.MasterKey, purpose, row.Wrapped));
}
