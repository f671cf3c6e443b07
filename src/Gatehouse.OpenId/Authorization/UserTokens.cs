using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Actors;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>Tokens for applications in which a user is signed in: by a code, which is good for one time, or a refresh token.</summary>
internal sealed class UserTokens(IApplicationSessions sessions, IAccessTokens tokens, TimeProvider clock)
{
    // Longer than any session lives: up to then the grant is kept.
    private static readonly TimeSpan MaxSession = TimeSpan.FromDays(31);
    private static readonly TimeSpan IdTokenLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Null, and the request rejected, when somebody was first or the user's session is over.</summary>
    public async Task<IssuedTokens?> RedeemAsync(HandleTokenRequestContext context, ClientRow client, Issuer issuer, HttpContext http)
    {
        var grant = PresentedToken.GrantOf(context.Transaction)!;
        if (ResourceIndicators.Granted(context.Request, grant, client, tokens.Audience) is not { } resources)
        {
            context.Reject(Errors.InvalidTarget, ResourceIndicators.Rejection);
            return null;
        }

        var start = new NewApplicationSession(grant.Id, grant.UserId)
        {
            BrowserSession = grant.BrowserSession,
            ClientId = client.ClientId,
            IsOffline = grant.IsOffline,
            AuthenticatedAt = grant.AuthenticatedAt,
        };
        var now = clock.GetUtcNow();
        var isFirst = false;
        // What was redeemed cannot be redeemed again: who hangs up now changes nothing.
        var session = await sessions.StartAsync(
            start,
            async tx => isFirst = await grant.RedeemAsync(tx, now, now + MaxSession),
            http.Actor(),
            CancellationToken.None
        );
        if (session is not null)
            return await IssueAsync(client, issuer, grant, grant.Scopes, resources, session, grant.Nonce, http);
        if (!isFirst)
            await EndReusedAsync(grant, http);
        context.Reject(Errors.InvalidGrant, "The code is not good.");
        return null;
    }

    /// <summary>Two parties hold the code: what one of them got by it ends (RFC 6749, 4.1.2).</summary>
    private Task EndReusedAsync(UserGrant grant, HttpContext http) =>
        sessions.EndAsync(grant.UserId, grant.Id, SessionEnding.CodeReused, http.Actor(), CancellationToken.None);

    /// <summary>Null, and the request rejected, when the token is none, or more is asked for than was granted.</summary>
    public async Task<IssuedTokens?> RefreshAsync(HandleTokenRequestContext context, ClientRow client, Issuer issuer, HttpContext http)
    {
        var grant = PresentedToken.GrantOf(context.Transaction)!;
        var asked = context.Request.GetScopes();
        // What the client may not ask for any more it gets no more.
        string[] granted = [.. grant.Scopes.Intersect(client.SignIn!.Scopes, StringComparer.Ordinal)];
        if (asked.Except(grant.Scopes, StringComparer.Ordinal).Any())
        {
            context.Reject(Errors.InvalidScope, "One of these scopes was not granted.");
            return null;
        }

        if (ResourceIndicators.Granted(context.Request, grant, client, tokens.Audience) is not { } resources)
        {
            context.Reject(Errors.InvalidTarget, ResourceIndicators.Rejection);
            return null;
        }

        var session = await sessions.RefreshAsync(context.Request.RefreshToken!, client.ClientId, http.Actor(), http.RequestAborted);
        if (session is not null)
            return await IssueAsync(
                client,
                issuer,
                grant,
                asked.IsEmpty ? granted : [.. granted.Intersect(asked, StringComparer.Ordinal)],
                resources,
                session,
                nonce: null,
                http
            );
        context.Reject(Errors.InvalidGrant, "The refresh token is not good.");
        return null;
    }

    private async Task<IssuedTokens> IssueAsync(
        ClientRow client,
        Issuer issuer,
        UserGrant grant,
        IReadOnlyList<string> scopes,
        IReadOnlyList<string> resources,
        ApplicationSession session,
        string? nonce,
        HttpContext http
    )
    {
        var tenant = http.Actor().Tenant.Id;
        var user = Narrow(session.User with { ClientId = client.ClientId, Scopes = scopes });
        var access = sessions.IssueAccessToken(tenant, user, session.EndsAt, issuer.Url, resources);
        return new IssuedTokens
        {
            AccessToken = access.Text,
            Lifetime = access.Lifetime,
            RefreshToken = session.RefreshToken,
            IdToken = scopes.Contains(SignInScopes.OpenId, StringComparer.Ordinal)
                ? await IdTokenAsync(client, issuer, grant, user, access.Text, nonce, tenant, http.RequestAborted)
                : null,
            Scopes = scopes,
        };
    }

    // Which roles somebody has, and where, is nothing to an application that was not allowed to see them.
    private static SignedInUser Narrow(SignedInUser user) =>
        user.Scopes.Contains(SignInScopes.Groups, StringComparer.Ordinal) ? user : user with { Roles = [], OrganizationId = null };

    private async Task<string> IdTokenAsync(
        ClientRow client,
        Issuer issuer,
        UserGrant grant,
        SignedInUser user,
        string accessToken,
        string? nonce,
        Guid tenant,
        CancellationToken cancellationToken
    )
    {
        var settings = client.SignIn!;
        var claims = new List<KeyValuePair<string, object>>
        {
            new(Claims.Subject, user.Id.ToString()),
            new("sid", grant.BrowserSession.ToString()),
            new(Claims.AuthenticationTime, grant.AuthenticatedAt.ToUnixTimeSeconds()),
            new(Claims.AuthenticationContextReference, AuthenticationMethods.AssuranceOf(user.Methods)),
            new(Claims.AccessTokenHash, HalfHash(accessToken)),
        };
        if (user.Methods.Count > 0)
            claims.Add(new(Claims.AuthenticationMethodReference, user.Methods));
        if (nonce is not null)
            claims.Add(new(Claims.Nonce, nonce));
        if (settings.UserClaimsInIdToken && await sessions.DescribeUserAsync(tenant, user.Id, cancellationToken) is { } facts)
            claims.AddRange(UserClaims.Of(facts, user).Where(claim => claim.Key != Claims.Subject));
        return sessions.IssueIdToken(
            new IdTokenContent
            {
                Issuer = issuer.Url,
                Algorithm = settings.IdTokenAlgorithm,
                Audience = client.ClientId,
                Lifetime = IdTokenLifetime,
                Claims = claims,
            }
        );
    }

    // The left half of the digest by the algorithm's hash, which is SHA-256 for both of ours (OpenID Connect Core, 3.1.3.6).
    private static string HalfHash(string token) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, SHA256.HashSizeInBytes / 2));
}
