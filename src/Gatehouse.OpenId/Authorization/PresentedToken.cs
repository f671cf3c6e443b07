using System.Security.Claims;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Reads the token that a client brings: a code or a refresh token at the token endpoint, an access token or a refresh token where it asks
/// about one or revokes it. One that is not good, of another client or of another tenant, is none, and so is at the token endpoint what was
/// issued under another name of the provider.
/// </summary>
internal sealed class PresentedToken(
    ClientLookup lookup,
    Database database,
    IAccessTokens tokens,
    IApplicationSessions sessions,
    Issuers issuers,
    TimeProvider clock
) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private const string Facts = "gatehouse:token";
    private const string Grant = "gatehouse:grant";

    /// <summary>What the access token says; null for a refresh token.</summary>
    public static AccessTokenFacts? Of(OpenIddictServerTransaction transaction) => transaction.GetProperty<AccessTokenFacts>(Facts);

    /// <summary>What the code or the refresh token is of; null for an access token.</summary>
    public static UserGrant? GrantOf(OpenIddictServerTransaction transaction) => transaction.GetProperty<UserGrant>(Grant);

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (context.Transaction.EndpointType == OpenIddictServerEndpointType.Token)
        {
            if (context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.AuthorizationCode))
                await ReadCodeAsync(context, http);
            else if (context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.DeviceCode))
                await ReadDeviceCodeAsync(context, http);
            else
                await ReadRefreshTokenAsync(context, http);
        }
        // Hints are read by whoever takes them.
        else if (IsOfBrowser(context.Transaction.EndpointType))
        {
            context.Reject(Errors.InvalidToken);
        }
        else if (sessions.SessionOf(http.Actor().Tenant.Id, context.Token ?? "") is not null)
        {
            await ReadRefreshTokenAsync(context, http);
        }
        else
        {
            await ReadAccessTokenAsync(context, http);
        }
    }

    private static bool IsOfBrowser(OpenIddictServerEndpointType endpoint) =>
        endpoint is OpenIddictServerEndpointType.Authorization or OpenIddictServerEndpointType.EndSession;

    private async Task ReadAccessTokenAsync(ValidateTokenContext context, HttpContext http)
    {
        var described = await tokens.DescribeForAnyAsync(context.Token ?? "", http.RequestAborted);
        if (described.Error is { Kind: ErrorKind.Unavailable })
        {
            context.Reject(Errors.TemporarilyUnavailable, "Nobody can say now. Try again in a few seconds.");
            return;
        }

        if (!described.Succeeded || described.Value.Claims.TenantId != http.Actor().Tenant.Id)
        {
            context.Reject(Errors.InvalidToken, "The token is not good.");
            return;
        }

        context.Transaction.SetProperty(Facts, described.Value);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse")).SetTokenType(TokenTypeIdentifiers.AccessToken);
    }

    // What is wrong with it says nothing to who tries codes; a code of another client stays good for its own.
    private async Task ReadCodeAsync(ValidateTokenContext context, HttpContext http)
    {
        var client = ClientAuthentication.Of(context.Transaction);
        var grant = await database.QueryAsync(
            db => UserGrant.FindByCodeAsync(db, http.Actor().Tenant.Id, context.Token ?? ""),
            http.RequestAborted
        );
        // One that was redeemed goes on: whoever has its verifier, too, held it, and ends what the first one got by it.
        if (
            grant?.Client != client.Id
            || !await BeganHereAsync(grant, http)
            || (grant.RedeemedAt is null && grant.CodeExpiresAt <= clock.GetUtcNow())
        )
        {
            context.Reject(Errors.InvalidGrant, "The code is not good.");
            return;
        }

        context.Transaction.SetProperty(Grant, grant);
        var principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"))
            .SetTokenType(TokenTypeIdentifiers.Private.AuthorizationCode)
            .SetPresenters(client.ClientId)
            .SetScopes(grant.Scopes)
            .SetClaim(Claims.Private.RedirectUri, grant.RedirectUri);
        if (grant.Challenge is not null)
            principal
                .SetClaim(Claims.Private.CodeChallenge, grant.Challenge)
                .SetClaim(Claims.Private.CodeChallengeMethod, CodeChallengeMethods.Sha256);
        context.Principal = principal;
    }

    // Who asks too early learns nothing but that. (RFC 8628, 3.5)
    private async Task ReadDeviceCodeAsync(ValidateTokenContext context, HttpContext http)
    {
        var client = ClientAuthentication.Of(context.Transaction);
        var now = clock.GetUtcNow();
        var found = await database.QueryAsync(
            async db =>
            {
                if (await DeviceCode.FindAsync(db, http.Actor().Tenant.Id, context.Token ?? "") is not { } code || code.Client != client.Id)
                    return null;
                var inTime = code.ExpiresAt <= now || await code.AskAsync(db, now);
                var grant = code.GrantId is { } id ? await UserGrant.FindAsync(db, code.TenantId, id) : null;
                return new AskedDevice(code, grant) { IsInTime = inTime };
            },
            http.RequestAborted
        );
        if (found is null || found.Code.Domain != (await issuers.OfAsync(http)).Domain)
            context.Reject(Errors.InvalidGrant, "The code is not good.");
        else if (found.Grant?.RedeemedAt is null && found.Code.ExpiresAt <= now)
            context.Reject(Errors.ExpiredToken, "The code has expired.");
        else if (!found.IsInTime)
            context.Reject(Errors.SlowDown, "Ask less often.");
        else if (found.Code.DeniedAt is not null)
            context.Reject(Errors.AccessDenied, "The user did not agree.");
        else if (found.Grant is null)
            context.Reject(Errors.AuthorizationPending, "The user has not answered yet.");
        else
            Accept(context, client, found.Grant);
    }

    private static void Accept(ValidateTokenContext context, ClientRow client, UserGrant grant)
    {
        context.Transaction.SetProperty(Grant, grant);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"))
            .SetTokenType(TokenTypeIdentifiers.Private.DeviceCode)
            .SetPresenters(client.ClientId)
            .SetScopes(grant.Scopes);
    }

    private sealed record AskedDevice(DeviceCode Code, UserGrant? Grant)
    {
        public required bool IsInTime { get; init; }
    }

    private async ValueTask<bool> BeganHereAsync(UserGrant grant, HttpContext http) => grant.Domain == (await issuers.OfAsync(http)).Domain;

    private async Task ReadRefreshTokenAsync(ValidateTokenContext context, HttpContext http)
    {
        var client = ClientAuthentication.Of(context.Transaction);
        var tenant = http.Actor().Tenant.Id;
        var session = sessions.SessionOf(tenant, context.Token ?? "");
        var grant = session is null ? null : await lookup.FindGrantAsync(tenant, session.Value, http.RequestAborted);
        var mayBeOfElsewhere = context.Transaction.EndpointType == OpenIddictServerEndpointType.Revocation;
        if (grant?.Client != client.Id || grant.EndsAt <= clock.GetUtcNow() || (!mayBeOfElsewhere && !await BeganHereAsync(grant, http)))
        {
            context.Reject(Errors.InvalidToken, "The refresh token is not good.");
            return;
        }

        context.Transaction.SetProperty(Grant, grant);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"))
            .SetTokenType(TokenTypeIdentifiers.RefreshToken)
            .SetPresenters(client.ClientId)
            .SetScopes(grant.Scopes);
    }
}
