using Gatehouse.Core.Postgres;

namespace Gatehouse.Web;

/// <summary>Tells which tokens of service accounts were revoked. The module that keeps clients answers.</summary>
public interface IRevokedTokens
{
    /// <summary>Those revoked within the time span before now.</summary>
    Task<IReadOnlyList<RevokedToken>> ListAsync(DbSession db, TimeSpan within);
}

/// <summary>One access token, or all of a client that were issued until then.</summary>
public sealed class RevokedToken
{
    public Guid TenantId { get; init; }

    public Guid Client { get; init; }

    /// <summary>Nil for all of the client.</summary>
    public Guid TokenId { get; init; }

    public DateTimeOffset RevokedAt { get; init; }
}
