using Gatehouse.Core.Hosting;

namespace Gatehouse.Core.Postgres;

/// <summary>The newest position that something ordered by transaction ids has reached.</summary>
public sealed record WrittenPosition(int Epoch, long Xid);

/// <summary>Something that is ordered by epoch and transaction id: the event log, the audit.</summary>
public interface IWrittenPositions
{
    Task<IReadOnlyList<WrittenPosition>> NewestAsync(DbSession db);
}

/// <summary>
/// The epoch of what is ordered by transaction ids. They start again when a dump is restored into another cluster; the epoch is raised
/// then, so that no position ever stands beyond what is written next.
/// </summary>
public sealed class LogEpoch(DataSources sources, IEnumerable<IWrittenPositions> written, TimeProvider clock) : IStartupTask
{
    private readonly IReadOnlyList<IWrittenPositions> written = [.. written];
    private int current;

    public int Current =>
        current > 0 ? current : throw new InvalidOperationException("The epoch is opened at start, before the first transaction.");

    bool IStartupTask.IsForCommands => true;

    /// <summary>Reads the epoch, raising it when this cluster's transaction ids lie behind what is written already.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await sources.Main.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.epoch', 0))");
        var now = await db.SingleAsync<WrittenPosition>(
            "select (select coalesce(max(epoch), 0) from runtime.log_epochs) as epoch, pg_current_xact_id()::text::bigint as xid"
        );

        var positions = new List<WrittenPosition>();
        foreach (var source in written)
            positions.AddRange(await source.NewestAsync(db));
        current = now.Epoch;
        if (now.Epoch == 0 || positions.Exists(p => p.Epoch == now.Epoch && p.Xid > now.Xid))
        {
            current = now.Epoch + 1;
            await db.ExecuteAsync(
                "insert into runtime.log_epochs (epoch, started_at) values (@current, @now)",
                new { current, now = clock.GetUtcNow() }
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
