using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Data;

/// <summary>Access tokens of clients that were revoked before they expired.</summary>
internal sealed class RevokedTokens : IRevokedTokens
{
    // Longer than any token of a client lives.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(2);

    public Task<IReadOnlyList<RevokedToken>> ListAsync(DbSession db, TimeSpan within) =>
        db.ListAsync<RevokedToken>(
            """
            select tenant_id, client, token_id, revoked_at from openid.revoked_tokens
             where revoked_at > clock_timestamp() - @within
            """,
            new { within }
        );

    /// <summary>All that the client was issued until now.</summary>
    public static Task<int> AddAllAsync(Transaction tx, Guid tenant, Guid client) =>
        AddAsync(tx, tenant, client, (Guid.Empty, tx.Now + MaxLifetime));

    /// <summary>One of the client's; 0 if it was revoked before.</summary>
    public static Task<int> AddAsync(Transaction tx, Guid tenant, Guid client, (Guid Id, DateTimeOffset Expires) token) =>
        tx.ExecuteAsync(
            """
            insert into openid.revoked_tokens as r (tenant_id, client, token_id, expires_at, revoked_at)
            values (@tenant, @client, @Id, @Expires, clock_timestamp())
            on conflict (tenant_id, client, token_id) do update set revoked_at = excluded.revoked_at, expires_at = excluded.expires_at
             where r.token_id = @all
            """,
            new
            {
                tenant,
                client,
                token.Id,
                token.Expires,
                all = Guid.Empty,
            }
        );
}
