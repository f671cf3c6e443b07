using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.SignIn;

/// <summary>What failed attempts do to an account now, by the same counts that decide a sign-in.</summary>
/// <param name="Failures">Failed attempts that count.</param>
/// <param name="LastAt">The last one; null for none.</param>
/// <param name="WaitsUntil">Until when the longest wait runs; null for none.</param>
/// <param name="IsClosed">Whether unknown devices are turned away, whatever they know.</param>
public sealed record FailedAttempts(int Failures, DateTimeOffset? LastAt, DateTimeOffset? WaitsUntil, bool IsClosed);

/// <summary>Reads them, over all identifiers and devices of the account.</summary>
internal sealed class FailedAttemptCounts(
    Database database,
    BlindIndex blindIndex,
    Throttle throttle,
    ThrottleOptions options,
    TimeProvider clock
)
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

    /// <summary>Whether a sign-in with the identifier has failed, or as many from the network as make the next with one identifier
    /// wait. Which account it is of is not looked up.</summary>
    public Task<bool> HasFailedAsync(Identifier identifier, Actor actor, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select from identity.sign_in_failures
                                    where tenant_id = @Id
                                      and (subject = @subject and failures > 0 and failed_at > @since
                                           or subject = @network and failures >= @many and failed_at > @lately))
                    """,
                    new
                    {
                        actor.Tenant.Id,
                        subject = throttle.SubjectOf(actor.Tenant.Id, identifier.Kind, identifier.Key),
                        network = blindIndex.OfNetwork(actor),
                        many = options.FailuresBeforeDelay,
                        since = clock.GetUtcNow() - Throttle.Forgets,
                        lately = clock.GetUtcNow() - Throttle.NetworkForgets,
                    }
                ),
            cancellationToken
        );

    private sealed class Row
    {
        public int Failures { get; init; }

        public DateTimeOffset? FailedAt { get; init; }

        public DateTimeOffset? BlockedUntil { get; init; }
    }
}
