using Gatehouse.Core.Actors;

namespace Gatehouse.Web;

/// <summary>Continues the session of a browser whose access cookie is over. The module that keeps sessions answers.</summary>
public interface ISessionRenewal
{
    /// <returns>The next tokens, or null when the session is over.</returns>
    Task<RenewedSession?> RenewAsync(string refreshToken, Actor actor, CancellationToken cancellationToken);
}

/// <param name="IdleFor">How long the session lives without further use.</param>
public sealed record RenewedSession(SignedInUser User, string AccessToken, string RefreshToken, TimeSpan IdleFor);
