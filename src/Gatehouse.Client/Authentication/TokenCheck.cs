using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;
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
) : IDisposable
{
    private const int MaxTokens = 50_000;
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(1);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = TokenHash.MaxLength };
    private readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = MaxTokens });
    private readonly RecentAnswers<TokenHash, bool> asked = new(clock, Recent);

    /// <summary>Null for a token that is not good.</summary>
    /// <exception cref="GatehouseUnavailableException">Nobody can say.</exception>
    public async ValueTask<CheckedToken?> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > TokenHash.MaxLength || !Ascii.IsValid(token))
            return null;
        var hash = TokenHash.Of(token);
        if (!seen.TryGetValue(hash, out CheckedToken? known) || !keys.Contains(known!.KeyId))
            known = await ReadAsync(token, hash, cancellationToken);
        // Asked before: what is revoked after this was read is found below, or comes after the request.
        var areKnown = revocations.AreKnown;
        var now = clock.GetUtcNow();
        var skew = options.Value.ClockSkew;
        if (known is null || known.Expires + skew <= now || known.IssuedAt > now + skew || revocations.Contains(known))
            return null;
        return areKnown || await IsLiveAsync(token, hash, cancellationToken) ? known : null;
    }

    public void Dispose() => seen.Dispose();

    private async ValueTask<CheckedToken?> ReadAsync(string token, TokenHash hash, CancellationToken cancellationToken)
    {
        if (KeyIdOf(token) is not { Length: > 0 } keyId || await keys.FindAsync(keyId, cancellationToken) is not { } key)
            return null;
        var settings = options.Value;
        var result = await handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ValidIssuer = settings.Issuer,
                ValidAudience = settings.ExpectedAudience,
                IssuerSigningKey = key,
                TryAllIssuerSigningKeys = false,
                // The time itself is judged by our clock, at each request.
                LifetimeValidator = (_, expires, _, _) => expires is not null,
                AuthenticationType = GatehouseDefaults.Scheme,
                NameClaimType = "sub",
                RoleClaimType = "roles",
            }
        );
        if (!result.IsValid || CheckedToken.Of((JsonWebToken)result.SecurityToken, result.ClaimsIdentity, hash) is not { } good)
            return null;
        // What reads them later is many threads: nothing is filled in late.
        _ = good.Identity.Claims.Count();
        var left = good.Expires + settings.ClockSkew - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            seen.Set(hash, good, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = left });
        return good;
    }

    private string? KeyIdOf(string token)
    {
        try
        {
            return handler.CanReadToken(token) && handler.ReadJsonWebToken(token) is { IsEncrypted: false } read ? read.Kid : null;
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
