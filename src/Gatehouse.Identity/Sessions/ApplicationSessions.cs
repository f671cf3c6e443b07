using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Sessions of applications. They are sessions like all others: they refresh by the same rules, and whatever ends the user's sessions ends
/// them; one that began in a browser ends with the session there, unless it was asked for to outlive it.
/// </summary>
internal sealed class ApplicationSessions(
    Database database,
    UserSessions sessions,
    RefreshSession.Handler refresh,
    AccessTokens accessTokens,
    IdTokens idTokens,
    SubjectKeys subjectKeys,
    PictureAddresses pictures,
    ServerKeys serverKeys,
    TimeProvider clock
) : IApplicationSessions
{
    public async Task<BrowserSession?> FindAsync(Guid tenantId, SignedInUser user, CancellationToken cancellationToken)
    {
        var session = await database.QueryAsync(db => UserSession.FindAsync(db, tenantId, user.SessionId), cancellationToken);
        return session is not null && session.UserId == user.Id && IsBrowsers(session, clock.GetUtcNow())
            ? new BrowserSession(session.AuthenticatedAt, session.Amr ?? [])
            : null;
    }

    public Task<ApplicationSession?> StartAsync(
        NewApplicationSession start,
        Func<Transaction, Task<bool>> redeem,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        database.InTransactionAsync(
            "session.start-application",
            async tx =>
            {
                if (!await redeem(tx))
                    return null;
                if (await LockedUser.LockAsync(tx, actor.Tenant.Id, start.UserId) is not { Row.IsLockedOut: false } user)
                    return null;
                var browser = await UserSession.FindAsync(tx, actor.Tenant.Id, start.BrowserSession);
                if (browser is null || browser.UserId != start.UserId || !IsBrowsers(browser, tx.Now))
                    return null;
                var session = await sessions.StartAsync(tx, user, start, browser, actor);
                await user.SaveAsync(tx);
                return Describe(session, generation: 1);
            },
            cancellationToken
        );

    public Guid? SessionOf(Guid tenantId, string refreshToken) =>
        RefreshToken.Parse(refreshToken) is { } token && token.TenantId == tenantId ? token.SessionId : null;

    public async Task<ApplicationSession?> RefreshAsync(
        string refreshToken,
        string clientId,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var outcome = await refresh.ExchangeAsync(refreshToken, clientId, actor, cancellationToken);
        return outcome.Error is null ? Describe(outcome.Value.Session, outcome.Value.Generation) : null;
    }

    public async Task<bool> IsGenuineAsync(string refreshToken, string clientId, CancellationToken cancellationToken)
    {
        if (RefreshToken.Parse(refreshToken) is not { } token)
            return false;
        var session = await database.QueryAsync(db => UserSession.FindAsync(db, token.TenantId, token.SessionId), cancellationToken);
        return session is not null
            && session.ClientId == clientId
            && token.IsGenuine(serverKeys.Get(ServerKeys.RefreshTokens), session.Seed);
    }

    public Task EndAsync(Guid userId, Guid sessionId, SessionEnding ending, Actor actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            "session.end",
            async tx =>
            {
                if (await LockedUser.LockAsync(tx, actor.Tenant.Id, userId) is not { } user)
                    return false;
                var ended = await sessions.EndOneAsync(tx, user, actor, sessionId, ReasonOf(ending));
                await user.SaveAsync(tx);
                return ended;
            },
            cancellationToken
        );

    public IssuedAccessToken IssueAccessToken(
        Guid tenantId,
        SignedInUser user,
        DateTimeOffset sessionEnds,
        string issuer,
        IReadOnlyList<string> resources
    )
    {
        var (text, lifetime) = accessTokens.Issue(new AccessClaims(tenantId, user), sessionEnds, issuer, resources);
        return new IssuedAccessToken(text, lifetime);
    }

    public string IssueIdToken(IdTokenContent content) => idTokens.Issue(content);

    public ValueTask<IdTokenFacts?> ReadIdTokenAsync(string token, string issuer, CancellationToken cancellationToken) =>
        idTokens.ReadAsync(token, issuer, cancellationToken);

    public async Task<UserFacts?> DescribeUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var row = await database.QueryAsync(db => StoredUser.FindAsync(db, tenantId, userId), cancellationToken);
        if (row is null || row.IsLockedOut)
            return null;
        var key = await subjectKeys.FindAsync(userId, cancellationToken);
        var profile = row.OpenProfile(key);
        return new UserFacts
        {
            Name = row.Name.Value,
            GivenName = row.GivenName?.Value,
            FamilyName = row.FamilyName?.Value,
            Username = row.Username?.Typed,
            Email = key is null ? null : row.OpenEmail(key)?.Delivery,
            EmailVerified = row.EmailVerifiedAt is not null,
            PhoneNumber = key is null ? null : row.OpenPhone(key)?.Delivery,
            PhoneNumberVerified = row.PhoneVerifiedAt is not null,
            Picture = pictures.OfPhoto(row),
            Website = profile.Website,
            BirthDate = profile.BirthDate,
            Locale = row.Language,
            UpdatedAt = row.UpdatedAt ?? row.CreatedAt,
        };
    }

    private ApplicationSession Describe(UserSession session, long generation) =>
        new(session.User, session.EndsAt) { RefreshToken = sessions.Refresh(session, generation) };

    private static string ReasonOf(SessionEnding ending) =>
        ending switch
        {
            SessionEnding.SignedOut => SessionEnd.SignedOut,
            SessionEnding.RevokedByClient => SessionEnd.EndedByClient,
            SessionEnding.CodeReused => SessionEnd.CodeReused,
            SessionEnding.ClientDisabled => SessionEnd.ClientDisabled,
            _ => SessionEnd.AccessWithdrawn,
        };

    private static bool IsBrowsers(UserSession session, DateTimeOffset now) =>
        session is { EndedAt: null, ClientId: null, IsUnverified: false, MustEnroll: false, IsClosed: false }
        && session.IdleEndsAt > now
        && session.EndsAt > now;
}
