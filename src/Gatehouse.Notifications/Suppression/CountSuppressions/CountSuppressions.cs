using Gatehouse.Core.Postgres;

namespace Gatehouse.Notifications.Suppression;

/// <summary>Counts the addresses that nothing is sent to, by reason (<c>gatehouse notifications suppressed</c>). Which ones they are,
/// nobody can list.</summary>
internal static class CountSuppressions
{
    internal sealed record ByReason
    {
        public string Reason { get; init; } = "";

        public long Addresses { get; init; }
    }

    internal sealed class Handler(Database database, TimeProvider clock)
    {
        public Task<IReadOnlyList<ByReason>> HandleAsync(Guid tenantId, CancellationToken cancellationToken) =>
            database.QueryAsync(
                db =>
                    db.ListAsync<ByReason>(
                        """
                        select reason, count(*) as addresses from notifications.suppressions
                         where tenant_id = @tenantId and (expires_at is null or expires_at > @now)
                         group by reason order by reason
                        """,
                        new { tenantId, now = clock.GetUtcNow() }
                    ),
                cancellationToken
            );
    }
}
