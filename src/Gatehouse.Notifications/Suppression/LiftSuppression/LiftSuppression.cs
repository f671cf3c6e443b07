using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Suppression;

/// <summary>Lets mail go to an address again, as an operator says (<c>gatehouse notifications unsuppress</c>).</summary>
internal static class LiftSuppression
{
    internal sealed class Handler(Database database)
    {
        /// <returns>Whether it was suppressed.</returns>
        public Task<bool> HandleAsync(Guid tenantId, BlindIndexEntry addressIndex, CancellationToken cancellationToken) =>
            database.InTransactionAsync(
                "suppression.lift",
                async tx =>
                {
                    var notification = await tx.FirstOrDefaultAsync<Guid?>(
                        """
                        delete from notifications.suppressions
                         where tenant_id = @tenantId and address_index = @addressIndex returning notification_id
                        """,
                        new { tenantId, addressIndex }
                    );
                    if (notification is not { } id)
                        return false;
                    tx.Record(
                        new AuditRecord(tenantId, "address.unsuppressed") { ActorKind = "operator" }.WithFact("notification", id.ToString())
                    );
                    return true;
                },
                cancellationToken
            );
    }
}
