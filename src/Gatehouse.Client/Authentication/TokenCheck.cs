using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Client;

/// <summary>
/// Whether a token is good. Signature and claims are checked once a token; that its time has not run out, its key is still published and
/// nothing of it was revoked, each time.
/// </summary>
internal sealed class TokenCheck(
    SigningKeys keys,
    Revocations revocations,
    GatehouseRpc rpc,
    IOptions<GatehouseClientOptions> options,
    TimeProvider clock
)
{
    private const string OwnClient = "gatehouse";
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(1);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = TokenHash.MaxLength };
    private readonly SeenTokens seen = new(options.Value.ClockSkew);
    private readonly RecentAnswers<TokenHash, bool> asked = new(clock, Recent);

    /// <summary>Decides about a token where everything is in memory.</summary>
    /// <param name="token">The token.</param>
    /// <param name="good">Null for a token that is not good.</param>
    /// <returns>Whether it is decided; otherwise <see cref="CheckAsync"/> does.</returns>
    public bool TryDecide(ReadOnlySpan<char> token, out CheckedToken? good)
    {
        good = null;
        if (token.Length > TokenHash.MaxLength)
            return true;
        // Asked first: what is revoked later is found below, or is of later than the request.
        var areKnown = revocations.AreKnown;
        var now = clock.GetUtcNow();
        if (FindSeen(token, now) is not { } known)
            return false;
        if (!IsGood(known, now))
            return true;
        good = areKnown ? known : null;
        return areKnown;
    }

    /// <summary>Null for a token that is not good.</summary>
    /// <exception cref="GatehouseUnavailableException">Nobody can say.</exception>
    public async ValueTask<CheckedToken?> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (TryDecide(token, out var decided))
            return decided;
        if (!Ascii.IsValid(token))
            return null;
        var known = FindSeen(token, clock.GetUtcNow()) ?? await ReadAsync(token, cancellationToken);
        var areKnown = revocations.AreKnown;
        if (known is null || !IsGood(known, clock.GetUtcNow()))
            return null;
        return areKnown || await IsLiveAsync(token, known.Hash, cancellationToken) ? known : null;
    }

    private CheckedToken? FindSeen(ReadOnlySpan<char> token, DateTimeOffset now) =>
        seen.Find(token, now) is { } known && keys.Contains(known.KeyId) ? known : null;

    private bool IsGood(CheckedToken token, DateTimeOffset now)
    {
        var skew = options.Value.ClockSkew;
        return token.Expires + skew > now && token.IssuedAt <= now + skew && !revocations.Contains(token);
    }

    private async ValueTask<CheckedToken?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (Read(token) is not { Kid.Length: > 0 } claimed || await keys.FindAsync(claimed.Kid, cancellationToken) is not { } key)
            return null;
        var settings = options.Value;
        var result = await handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                // Which other ones count is looked at once the signature is good.
                ValidIssuers = settings.AcceptTenantDomains ? [settings.Issuer, claimed.Issuer] : [settings.Issuer],
                ValidAudience = settings.ExpectedAudience,
                IssuerSigningKey = key,
                TryAllIssuerSigningKeys = false,
                // The time itself is judged by our clock, at each request.
                LifetimeValidator = (_, expires, _, _) => expires is not null,
            }
        );
        if (!result.IsValid || CheckedToken.Of(token, (JsonWebToken)result.SecurityToken, result.ClaimsIdentity) is not { } good)
            return null;
        if (claimed.Issuer != settings.Issuer && !IsOfTenantDomain(claimed))
            return null;
        // What a user granted to an application is not all that the user may do.
        if (good.IsOfApplication && !settings.AcceptApplications)
            return null;
        var now = clock.GetUtcNow();
        if (good.Expires + settings.ClockSkew > now)
            seen.Add(token, good, now);
        return good;
    }

    // What clients were issued; users who sign in at Gatehouse itself have tokens of the one authority, whatever the domain. That it is
    // really a tenant's is known to who has the key.
    private bool IsOfTenantDomain(JsonWebToken token) =>
        token.TryGetPayloadValue<string>("client_id", out var client)
        && client != OwnClient
        && Uri.TryCreate(token.Issuer, UriKind.Absolute, out var issuer)
        && issuer.Scheme == new Uri(options.Value.Issuer).Scheme
        && issuer.GetLeftPart(UriPartial.Authority) == token.Issuer;

    private JsonWebToken? Read(string token)
    {
        try
        {
            return handler.CanReadToken(token) && handler.ReadJsonWebToken(token) is { IsEncrypted: false } read ? read : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Asks Gatehouse, because revocations may have been missed.</summary>
    private async ValueTask<bool> IsLiveAsync(string token, TokenHash hash, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.GetAsync(hash, () => AskAsync(token), cancellationToken);
        }
        catch (GatehouseUnavailableException)
        {
            var accepted = options.Value.AcceptUnchecked;
            if (accepted > TimeSpan.Zero && revocations.Silence is { } silence && silence <= Revocations.MaxSilence + accepted)
                return true;
            throw;
        }
    }

    private async Task<bool> AskAsync(string token)
    {
        try
        {
            await rpc.AskAsync(call => rpc.Tokens.CheckAsync(new V1.CheckRequest { Token = token }, call));
            return true;
        }
        catch (RpcException e) when (GatehouseRpc.Reason(e) == "identity.token-not-good")
        {
            return false;
        }
        catch (RpcException e)
        {
            throw new GatehouseUnavailableException("Gatehouse rejects the question about a token.", e);
        }
    }
}
