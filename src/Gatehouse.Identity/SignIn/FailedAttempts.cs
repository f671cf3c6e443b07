using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.SignIn;

/// <summary>What failed attempts do to an account now, by the same counts that decide a sign-in.</summary>
/// <param name="Failures">Failed attempts that count.</param>
/// <param name="LastAt">The last one; null for none.</param>
/// <param name="WaitsUntil">Until when the longest wait runs; null for none.</param>
/// <param name="IsClosed">Whether unknown devices are turned away, whatever they know.</param>
public sealed record FailedAttempts(int Failures, DateTimeOffset? LastAt, DateTimeOffset? WaitsUntil, bool IsClosed);

/// <summary>Reads them, over all identifiers and devices of the account.</summary>
internal sealed class FailedAttemptCounts(Database database, Throttle throttle, ThrottleOptions options, TimeProvider clock)
{
    public async Task<FailedAttempts> ReadAsync(Guid tenant, Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var row = await database.QueryAsync(
            db =>
                db.SingleAsync<Row>(
                    """
                    select coalesce(sum(failures), 0)::int as failures, max(failed_at) as failed_at, max(blocked_until) as blocked_until
                      from identity.sign_in_failures
                     where tenant_id = @tenant and account = @account and failed_at > @since
                    """,
                    new
                    {
                        tenant,
                        account = throttle.AccountOf(tenant, user),
                        since = now - Throttle.Forgets,
                    }
                ),
            cancellationToken
        );
        return new FailedAttempts(
            row.Failures,
            row.FailedAt,
            row.BlockedUntil > now ? row.BlockedUntil : null,
            row.Failures >= options.MaxFailures
        );
    }

    private sealed class Row
    {
        public int Failures { get; init; }

        public DateTimeOffset? FailedAt { get; init; }

        public DateTimeOffset? BlockedUntil { get; init; }
    }
}
