using System.Security.Claims;

namespace Gatehouse.Client;

/// <summary>Checks access tokens that do not come in the header <c>Authorization</c>, where the authentication scheme looks: in a cookie or
/// in a field of a message, say.</summary>
public interface IGatehouseTokens
{
    /// <summary>Who the token speaks for: the claims of <c>HttpContext.User</c>. Null for a token that is not good.</summary>
    /// <exception cref="GatehouseUnavailableException">Nobody can say.</exception>
    ValueTask<ClaimsIdentity?> CheckAsync(string token, CancellationToken cancellationToken = default);
}

/// <summary>Asks the same check as the authentication scheme.</summary>
internal sealed class GatehouseTokens(TokenCheck tokens) : IGatehouseTokens
{
    // A copy: what a service adds to it must not reach the next request.
    public async ValueTask<ClaimsIdentity?> CheckAsync(string token, CancellationToken cancellationToken = default) =>
        (await tokens.CheckAsync(token, cancellationToken))?.Identity.Clone();
}
