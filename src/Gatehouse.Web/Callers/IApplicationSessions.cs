using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Web;

/// <summary>
/// Sessions of users in applications (OAuth 2.0 clients), and the tokens about users that applications get. The module that keeps
/// sessions answers; the one that keeps clients decides who gets what.
/// </summary>
public interface IApplicationSessions
{
    /// <summary>The session of a browser as it is now; null if it or its user counts no more.</summary>
    Task<BrowserSession?> FindAsync(Guid tenantId, SignedInUser user, CancellationToken cancellationToken);

    /// <summary>Begins a session; null if the browser's session or its user counts no more.</summary>
    /// <param name="redeem">Uses up, in the same transaction, what promised it; when it says false there is no session.</param>
    Task<ApplicationSession?> StartAsync(
        NewApplicationSession start,
        Func<Transaction, Task<bool>> redeem,
        Actor actor,
        CancellationToken cancellationToken
    );

    /// <summary>The session that a refresh token names, which proves nothing yet; null for what is none of the tenant.</summary>
    Guid? SessionOf(Guid tenantId, string refreshToken);

    /// <summary>Exchanges a refresh token of the client for the next one; null for whatever is none. Reuse of an old one ends the
    /// session.</summary>
    Task<ApplicationSession?> RefreshAsync(string refreshToken, string clientId, Actor actor, CancellationToken cancellationToken);

    /// <summary>Whether it is a refresh token of that client that this installation issued, whatever has become of its session.</summary>
    Task<bool> IsGenuineAsync(string refreshToken, string clientId, CancellationToken cancellationToken);

    /// <summary>Ends a session of the user; one that has ended is none to end.</summary>
    Task EndAsync(Guid userId, Guid sessionId, SessionEnding ending, Actor actor, CancellationToken cancellationToken);

    /// <summary>An access token of the session for the client and the scopes that its user names.</summary>
    /// <param name="tenantId">Of the user.</param>
    /// <param name="user">Whose session it is.</param>
    /// <param name="sessionEnds">When the session ends at the latest.</param>
    /// <param name="issuer">The provider at which the user signed in.</param>
    /// <param name="resources">The services that it is for (RFC 8707); none for Gatehouse itself.</param>
    IssuedAccessToken IssueAccessToken(
        Guid tenantId,
        SignedInUser user,
        DateTimeOffset sessionEnds,
        string issuer,
        IReadOnlyList<string> resources
    );

    /// <summary>A token that the client reads: an ID token (OpenID Connect Core, 2) or a logout token (Back-Channel Logout,
    /// 2.4).</summary>
    string IssueIdToken(IdTokenContent content);

    /// <summary>What an ID token of that issuer says, expired or not; null for whatever is none.</summary>
    ValueTask<IdTokenFacts?> ReadIdTokenAsync(string token, string issuer, CancellationToken cancellationToken);

    /// <summary>What the claims of OpenID Connect are made of; null without such a user.</summary>
    Task<UserFacts?> DescribeUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);
}

/// <summary>Why the module of clients ends a session.</summary>
public enum SessionEnding
{
    /// <summary>The user signed out, at the application or here.</summary>
    SignedOut,

    /// <summary>The client revoked one of its tokens.</summary>
    RevokedByClient,

    /// <summary>A code was redeemed twice: two parties held it.</summary>
    CodeReused,

    /// <summary>The user took back what the application was granted.</summary>
    AccessWithdrawn,

    /// <summary>The application was disabled or deleted.</summary>
    ClientDisabled,
}

/// <param name="AuthenticatedAt">When the user last proved who they are.</param>
/// <param name="Methods">How, in the words of RFC 8176.</param>
public sealed record BrowserSession(DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods);

/// <summary>A session to begin.</summary>
/// <param name="Id">Its id, a version-7 UUID: what was promised with a code.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record NewApplicationSession(Guid Id, Guid UserId)
{
    /// <summary>The session of the browser in which the user allowed it.</summary>
    public required Guid BrowserSession { get; init; }

    /// <summary>The public name of the client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Whether it outlives the browser's session.</summary>
    public required bool IsOffline { get; init; }

    /// <summary>When the user had last proved who they are.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }
}

/// <summary>A session of an application, with its newest refresh token.</summary>
/// <param name="User">Whose it is, without client and scopes.</param>
/// <param name="EndsAt">When it ends at the latest.</param>
public sealed record ApplicationSession(SignedInUser User, DateTimeOffset EndsAt)
{
    public required string RefreshToken { get; init; }

    /// <summary>Hides the token: a record's own text would print it.</summary>
    public override string ToString() => "[application session]";
}

/// <summary>What a token for a client says.</summary>
public sealed record IdTokenContent
{
    /// <summary>Of the token: <c>JWT</c>, or <c>logout+jwt</c>.</summary>
    public string Type { get; init; } = "JWT";

    /// <summary>The provider at which the user signed in.</summary>
    public required string Issuer { get; init; }

    /// <summary>RS256 or ES256.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The public name of the client.</summary>
    public required string Audience { get; init; }

    public required TimeSpan Lifetime { get; init; }

    /// <summary>All other claims by name, in their order: texts, whole numbers, booleans, and lists and objects of them.</summary>
    public required IReadOnlyList<KeyValuePair<string, object>> Claims { get; init; }

    /// <summary>Hides the claims: a record's own text would print them.</summary>
    public override string ToString() => "[ID token]";
}

/// <summary>What a genuine ID token says.</summary>
/// <param name="Subject">The user.</param>
/// <param name="Audience">The client.</param>
public sealed record IdTokenFacts(Guid Subject, string Audience)
{
    /// <summary>The session of the browser.</summary>
    public required Guid Session { get; init; }
}

/// <summary>A user as OpenID Connect describes one.</summary>
public sealed record UserFacts
{
    public required string Name { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? Username { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? PhoneNumber { get; init; }

    public bool PhoneNumberVerified { get; init; }

    /// <summary>Address of the photo, good for a limited time unless the store is public; null without one.</summary>
    public string? Picture { get; init; }

    public string? Website { get; init; }

    public DateOnly? BirthDate { get; init; }

    public required string Locale { get; init; }

    /// <summary>When the profile, the address or the number last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Hides the user's data: a record's own text would print it.</summary>
    public override string ToString() => nameof(UserFacts);
}
