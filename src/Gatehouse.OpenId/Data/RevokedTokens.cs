using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Data;

/// <summary>Access tokens of clients that were revoked before they expired.</summary>
internal sealed class RevokedTokens : IRevokedTokens
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    // Longer than any token of a client lives.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(2);

    public Task<IReadOnlyList<RevokedToken>> ListAsync(DbSession db, TimeSpan within) =>
        db.ListAsync<RevokedToken>(
            """
            select tenant_id, client, nullif(token_id, @all) as token_id, coalesce(until, revoked_at) as revoked_at
              from openid.revoked_tokens
             where revoked_at > (select clock_timestamp()) - @within
            """,
            new { within, all = Guid.Empty }
        );

    /// <summary>All that the client was issued until then.</summary>
    /// <param name="until">See <see cref="Until"/>.</param>
    public static Task<int> AddAllAsync(Transaction tx, Guid tenant, Guid client, DateTimeOffset until) =>
        tx.ExecuteAsync(
            """
            insert into openid.revoked_tokens (tenant_id, client, token_id, expires_at, revoked_at, until)
            values (@tenant, @client, @all, @expires, clock_timestamp(), @until)
            on conflict (tenant_id, client, token_id)
            do update set revoked_at = excluded.revoked_at, expires_at = excluded.expires_at, until = excluded.until
            """,
            new
            {
                tenant,
                client,
                all = Guid.Empty,
                expires = tx.Now + MaxLifetime,
                until,
            }
        );

    /// <summary>
    /// Up to when tokens of a client that is disabled now count for nothing: one may be issued until the change is seen, by a node whose
    /// clock is ahead as far as a node's may be.
    /// </summary>
    public static DateTimeOffset Until(Transaction tx) => tx.Now + Margin;

    /// <summary>One of the client's; 0 if it was revoked before.</summary>
    public static Task<int> AddAsync(Transaction tx, Guid tenant, Guid client, (Guid Id, DateTimeOffset Expires) token) =>
        tx.ExecuteAsync(
            """
            insert into openid.revoked_tokens (tenant_id, client, token_id, expires_at, revoked_at)
            values (@tenant, @client, @Id, @Expires, clock_timestamp()) on conflict do nothing
            """,
            new
            {
                tenant,
                client,
                token.Id,
                token.Expires,
            }
        );
}
