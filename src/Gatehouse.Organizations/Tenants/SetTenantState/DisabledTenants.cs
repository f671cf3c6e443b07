using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Tokens of a tenant that is disabled count for nothing; relying services hear of it.</summary>
internal sealed class DisabledTenants : IRevokedTokens
{
    public Task<IReadOnlyList<RevokedToken>> ListAsync(DbSession db, TimeSpan within) =>
        db.ListAsync<RevokedToken>(
            """
            select id as tenant_id, updated_at as revoked_at from organizations.tenants
             where state = 'disabled' and updated_at > (select clock_timestamp()) - @within
            """,
            new { within }
        );
}
