using Gatehouse.Core.Postgres;

namespace Gatehouse.Web;

/// <summary>Tells which tokens were revoked otherwise than with their session. The modules that revoke them answer.</summary>
public interface IRevokedTokens
{
    /// <summary>Those revoked within the time span before now.</summary>
    Task<IReadOnlyList<RevokedToken>> ListAsync(DbSession db, TimeSpan within);
}

/// <summary>One access token, or all of a client or a tenant that were issued until then.</summary>
public sealed class RevokedToken
{
    public Guid TenantId { get; init; }

    /// <summary>Null for all of the tenant.</summary>
    public Guid? Client { get; init; }

    /// <summary>Null for all of the client.</summary>
    public Guid? TokenId { get; init; }

    public DateTimeOffset RevokedAt { get; init; }
}
