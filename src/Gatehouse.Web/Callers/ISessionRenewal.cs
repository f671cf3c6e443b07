using Gatehouse.Core.Actors;

namespace Gatehouse.Web;

/// <summary>Continues the session of a browser whose access cookie is over. The module that keeps sessions answers.</summary>
public interface ISessionRenewal
{
    /// <returns>The next tokens, or null when the session is over.</returns>
    Task<RenewedSession?> RenewAsync(string refreshToken, Actor actor, CancellationToken cancellationToken);
}

public sealed record RenewedSession
{
    public required SignedInUser User { get; init; }

    public required string AccessToken { get; init; }

    public required string RefreshToken { get; init; }

    /// <summary>How long the session lives without further use.</summary>
    public required TimeSpan IdleFor { get; init; }
}
