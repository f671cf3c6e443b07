using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;

namespace Gatehouse.Identity.Sessions;

/// <summary>What the module of clients does with access tokens.</summary>
internal sealed class TokensOfClients(AccessTokens tokens, Database database, UserSessions sessions) : IAccessTokens
{
    public string Audience => tokens.Audience;

    public IssuedAccessToken Issue(Guid tenantId, ServiceAccount account, string issuer, IReadOnlyList<string> resources)
    {
        var (text, lifetime) = tokens.Issue(new AccessClaims(tenantId, account), DateTimeOffset.MaxValue, issuer, resources);
        return new IssuedAccessToken(text, lifetime);
    }

    public async ValueTask<Outcome<AccessTokenFacts>> DescribeAsync(string token, CancellationToken cancellationToken) =>
        Describe(await tokens.EvaluateAsync(token, cancellationToken));

    public async ValueTask<Outcome<AccessTokenFacts>> DescribeForAnyAsync(string token, CancellationToken cancellationToken) =>
        Describe(await tokens.EvaluateForAnyAsync(token, cancellationToken));

    private static Outcome<AccessTokenFacts> Describe(Outcome<ValidatedToken> judged)
    {
        if (judged.Error is { } error)
            return error;
        // Good for the own account, and nowhere else.
        if (judged.Value.Claims.User is { IsGoodElsewhere: false })
            return RequestErrors.Unauthenticated;
        return new AccessTokenFacts(judged.Value.Claims)
        {
            Issuer = judged.Value.Issuer,
            Audiences = judged.Value.Audiences,
            TokenId = judged.Value.TokenId,
            ClientId = judged.Value.ClientId,
            IssuedAt = judged.Value.IssuedAt,
            ExpiresAt = judged.Value.Expires,
        };
    }

    public Task EndSessionAsync(SignedInUser user, Actor actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            "session.revoke",
            async tx =>
            {
                if (await LockedUser.LockAsync(tx, actor.Tenant.Id, user.Id) is not { } locked)
                    return false;
                var ended = await sessions.EndOneAsync(tx, locked, actor, user.SessionId, SessionEnd.EndedByClient);
                await locked.SaveAsync(tx);
                return ended;
            },
            cancellationToken
        );
}
