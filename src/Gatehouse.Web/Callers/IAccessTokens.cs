using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Issues access tokens of service accounts and tells what is in others. The module that signs answers.</summary>
public interface IAccessTokens
{
    /// <summary>Of tokens for Gatehouse itself.</summary>
    string Audience { get; }

    /// <summary>A token for the account, which names its id (<see cref="ServiceAccount.TokenId"/>).</summary>
    /// <param name="tenantId">Whose account it is.</param>
    /// <param name="account">The account.</param>
    /// <param name="issuer">The provider that it asked.</param>
    /// <param name="resources">The services that it is for (RFC 8707); none for Gatehouse itself.</param>
    IssuedAccessToken Issue(Guid tenantId, ServiceAccount account, string issuer, IReadOnlyList<string> resources);

    /// <summary>What a token for Gatehouse says that is good now; the rejections of <see cref="IAccessTokenCheck"/> otherwise.</summary>
    ValueTask<Outcome<AccessTokenFacts>> DescribeAsync(string token, CancellationToken cancellationToken);

    /// <summary>The same of a token for whichever service: for those who ask about it, and who take it back.</summary>
    ValueTask<Outcome<AccessTokenFacts>> DescribeForAnyAsync(string token, CancellationToken cancellationToken);

    /// <summary>Ends the session of a user's token.</summary>
    Task EndSessionAsync(SignedInUser user, Actor actor, CancellationToken cancellationToken);
}

/// <param name="Text">The token.</param>
/// <param name="Lifetime">How long it is good.</param>
public sealed record IssuedAccessToken(string Text, TimeSpan Lifetime)
{
    /// <summary>Hides the token: a record's own text would print it.</summary>
    public override string ToString() => "[access token]";
}

/// <summary>A good access token.</summary>
public sealed record AccessTokenFacts(AccessClaims Claims)
{
    /// <summary><c>Http:PublicUrl</c>, or the tenant's domain where it was issued.</summary>
    public required string Issuer { get; init; }

    /// <summary>The services that it is for.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    public required string TokenId { get; init; }

    public required string ClientId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
