using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Validates access tokens. The module that issues them answers; where none does, nobody is signed in.</summary>
public interface IAccessTokenCheck
{
    /// <summary>Whose token it is; <see cref="RequestErrors.Unauthenticated"/> for whatever is not a good token of this installation,
    /// without saying why.</summary>
    ValueTask<Outcome<AccessClaims>> CheckAsync(string token, CancellationToken cancellationToken);
}

/// <summary>What a good access token says: it is either a user's or a service account's.</summary>
public sealed record AccessClaims
{
    public AccessClaims(Guid tenantId, SignedInUser user) => (TenantId, User) = (tenantId, user);

    public AccessClaims(Guid tenantId, ServiceAccount serviceAccount) => (TenantId, ServiceAccount) = (tenantId, serviceAccount);

    public Guid TenantId { get; }

    public SignedInUser? User { get; }

    public ServiceAccount? ServiceAccount { get; }
}
