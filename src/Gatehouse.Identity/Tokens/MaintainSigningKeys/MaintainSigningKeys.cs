using Gatehouse.Core.Auditing;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Tokens;

/// <summary>Publishes the next signing key in time and removes the one whose time is over.</summary>
internal sealed class MaintainSigningKeys(SigningKeys keys, Database database) : IRecurring
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await keys.KeepAsync(cancellationToken))
            return;
        await database.InTransactionAsync(
            "keys.keep",
            tx =>
            {
                tx.Record(new AuditRecord(Guid.Empty, "keys.rotated") { Reason = "scheduled" });
                return Task.FromResult(true);
            },
            CancellationToken.None
        );
    }
}
