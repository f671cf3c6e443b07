using Gatehouse.Core.Auditing;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Closing;

/// <summary>Erases closed accounts whose time to open them again is over.</summary>
internal sealed class EraseClosed(Database database, Erasure erasure, TimeProvider clock) : IRecurring
{
    private const int Batch = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var due = await database.QueryAsync(
                db =>
                    db.ListAsync<Due>(
                        "select tenant_id, id from identity.users where erase_at <= @now order by erase_at limit @Batch",
                        new { now = clock.GetUtcNow(), Batch }
                    ),
                cancellationToken
            );
            foreach (var user in due)
                await database.InTransactionAsync("user.erase-closed", tx => EraseAsync(tx, user), cancellationToken);
            if (due.Count < Batch)
                return;
        }
    }

    private async Task<bool> EraseAsync(Transaction tx, Due due)
    {
        // Opened again meanwhile, or erased by somebody else.
        if (await LockedUser.LockAsync(tx, due.TenantId, due.Id) is not { Row.EraseAt: { } at } user || at > tx.Now)
            return false;
        await erasure.EraseAsync(tx, user, new AuditRecord(due.TenantId, "user.erased") { Reason = "closed" });
        return true;
    }

    private sealed class Due
    {
        public Guid TenantId { get; init; }

        public Guid Id { get; init; }
    }
}
