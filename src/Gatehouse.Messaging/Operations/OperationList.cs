using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Messaging;

/// <summary>Whose operations they are: where an actor is at home, whatever tenant they act in.</summary>
public sealed record OperationOwner(Guid TenantId, Guid Actor)
{
    public static OperationOwner Of(Actor actor) => new(actor.HomeTenantId ?? actor.Tenant.Id, actor.RequiredId);
}

/// <summary>Operations at a moment, and from where on changes have to be read to miss none.</summary>
/// <param name="Mark">For <see cref="OperationList.ChangedAsync"/>.</param>
public sealed record OperationsRead(IReadOnlyList<Operation> Operations, long Mark);

/// <summary>Reads operations for their owners, and cancels them.</summary>
public sealed class OperationList(Database database, WorkSignal wake, TimeProvider clock)
{
    // What ended a moment ago may be what somebody just began to wait for.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    /// <summary>The most that are told at once.</summary>
    public const int MaxRead = 1000;

    public Task<Operation?> FindAsync(OperationOwner owner, Guid id, CancellationToken cancellationToken) =>
        database.QueryAsync(db => OperationStore.FindAsync(db, owner, id), cancellationToken);

    /// <summary>The same one, together with the mark.</summary>
    public Task<OperationsRead> ReadOneAsync(OperationOwner owner, Guid id, CancellationToken cancellationToken) =>
        ReadAsync(async db => await OperationStore.FindAsync(db, owner, id) is { } found ? [found] : [], cancellationToken);

    /// <summary>All that are not over, and those that ended lately or, with a mark, changed since then.</summary>
    public Task<OperationsRead> ReadAllAsync(OperationOwner owner, long? since, CancellationToken cancellationToken) =>
        ReadAsync(db => OperationStore.ListAsync(db, owner, since, clock.GetUtcNow() - Recent, MaxRead), cancellationToken);

    /// <summary>What changed since the mark, of these actors; some of it may have been read before.</summary>
    public Task<OperationsRead> ChangedAsync(long since, Guid[] actors, CancellationToken cancellationToken) =>
        ReadAsync(db => OperationStore.ChangedAsync(db, since, actors), cancellationToken);

    /// <summary>Ends an operation that has not begun, and asks one that runs to end.</summary>
    /// <returns>The operation, and whether it was over before; null if the actor has none of that id.</returns>
    public async Task<(Operation Operation, bool WasOver)?> CancelAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var owner = OperationOwner.Of(actor);
        return await database.InTransactionAsync<(Operation, bool)?>(
            "operation.cancel",
            async tx =>
            {
                if (await OperationStore.CancelAsync(tx, owner, id) is not { } canceled)
                    return null;
                var operation = (await OperationStore.FindAsync(tx, owner, id))!;
                if (canceled)
                    tx.Record(AuditRecord.Of(actor, "operation.canceled").WithFact("kind", operation.Kind).WithFact("operation", $"{id}"));
                tx.AfterCommit(wake.JobsWritten);
                return (operation, !canceled);
            },
            cancellationToken
        );
    }

    // The mark first: what commits in between is read again.
    private Task<OperationsRead> ReadAsync(Func<DbSession, Task<IReadOnlyList<Operation>>> read, CancellationToken cancellationToken) =>
        database.QueryAsync(
            async db =>
            {
                var mark = await OperationStore.MarkAsync(db);
                return new OperationsRead(await read(db), mark);
            },
            cancellationToken
        );
}
