namespace Gatehouse.Contracts.Access;

/// <summary>Answers what a service account may do now. The module that keeps clients answers.</summary>
public interface IServiceAccountDirectory
{
    /// <summary>
    /// What is granted to the client, at most a second old; null if it is unknown, disabled or deleted, or if the token was revoked.
    /// </summary>
    /// <param name="tokenId">The token that names the client.</param>
    ValueTask<UserAccess?> FindAsync(Guid tenantId, Guid clientId, Guid tokenId, CancellationToken cancellationToken);
}
