using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.OpenId.Clients;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Finds a client by an assertion that one of its keys signed (RFC 7523, 3; OpenID Connect Core, 9): for the issuer or
/// endpoint at this host, good for minutes, and for one time.
/// </summary>
internal sealed class ClientAssertion(Database database, Issuers issuers, TimeProvider clock)
{
    private const int MaxLength = 4096;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(10);
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.EcdsaSha256,
    ];
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public async Task<ClientRow?> FindAsync(OpenIddictRequest request, string assertion, HttpContext http)
    {
        if (
            request.ClientAssertionType != ClientAssertionTypes.JwtBearer
            || assertion.Length > MaxLength
            || request.ClientSecret is not null
        )
            return null;
        // Its own word at first: whose keys are to be tried.
        if (!Handler.CanReadToken(assertion) || Read(assertion) is not { } claimed || claimed.Issuer != claimed.Subject)
            return null;
        if (request.ClientId is { } named && named != claimed.Issuer)
            return null;
        var tenant = http.Actor().Tenant.Id;
        var row = await database.QueryAsync(db => ClientRow.FindByClientIdAsync(db, tenant, claimed.Issuer), http.RequestAborted);
        if (row is not { DisabledAt: null, PublicKeys.Length: > 0 } || !await IsGoodAsync(assertion, row, http))
            return null;
        return await UseUpAsync(claimed, row, tenant, http.RequestAborted) ? row : null;
    }

    private async Task<bool> IsGoodAsync(string assertion, ClientRow row, HttpContext http)
    {
        var keys = row.PublicKeys.Select(ClientKey.Read).ToList();
        try
        {
            var now = clock.GetUtcNow();
            var issuer = (await issuers.OfAsync(http)).Url;
            var result = await Handler.ValidateTokenAsync(
                assertion,
                new TokenValidationParameters
                {
                    ValidIssuer = row.ClientId,
                    ValidAudiences = [issuer, issuer + "/", issuer + OAuthEndpoints.Token, issuer + http.Request.Path],
                    ValidAlgorithms = Algorithms,
                    IssuerSigningKeys = keys.Select(AsSecurityKey),
                    // A client names its key as it likes.
                    TryAllIssuerSigningKeys = true,
                    RequireSignedTokens = true,
                    LifetimeValidator = (notBefore, expires, _, _) => IsInTime(notBefore, expires, now),
                }
            );
            return result.IsValid && result.SecurityToken is JsonWebToken token && IssuedInTime(token, now);
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private Task<bool> UseUpAsync(JsonWebToken assertion, ClientRow row, Guid tenant, CancellationToken cancellationToken) =>
        database.QueryAsync(
            async db =>
                await db.ExecuteAsync(
                    """
                    insert into openid.client_assertions (tenant_id, client, hash, expires_at)
                    values (@tenant, @Id, @hash, @expires) on conflict do nothing
                    """,
                    new
                    {
                        tenant,
                        row.Id,
                        hash = Hash<ClientAssertion>.Of(assertion.Id),
                        expires = new DateTimeOffset(assertion.ValidTo, TimeSpan.Zero) + Skew + Skew,
                    }
                ) == 1,
            cancellationToken
        );

    private static JsonWebToken? Read(string assertion)
    {
        try
        {
            var token = Handler.ReadJsonWebToken(assertion);
            return token.Id is { Length: > 0 } && token.Issuer is { Length: > 0 and <= 256 } && !token.Issuer.Any(char.IsControl)
                ? token
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsInTime(DateTime? notBefore, DateTime? expires, DateTimeOffset now) =>
        expires is { } end
        && now < new DateTimeOffset(end, TimeSpan.Zero) + Skew
        && new DateTimeOffset(end, TimeSpan.Zero) <= now + MaxLifetime
        && (notBefore is not { } start || new DateTimeOffset(start, TimeSpan.Zero) <= now + Skew);

    private static bool IssuedInTime(JsonWebToken token, DateTimeOffset now) =>
        token.IssuedAt == DateTime.MinValue || new DateTimeOffset(token.IssuedAt, TimeSpan.Zero) <= now + Skew;

    private static SecurityKey AsSecurityKey(AsymmetricAlgorithm key) =>
        key is RSA rsa
            ? new RsaSecurityKey(rsa) { CryptoProviderFactory = Uncached }
            : new ECDsaSecurityKey((ECDsa)key) { CryptoProviderFactory = Uncached };

    // What the library caches it would use after it was disposed of.
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };
}
