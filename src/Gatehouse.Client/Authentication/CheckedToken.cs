using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Client;

/// <summary>What never changes about a token of Gatehouse: who it speaks for, from when to when, and which key signed it.</summary>
internal sealed record CheckedToken
{
    public required TokenHash Hash { get; init; }

    /// <summary>Of all requests with the token: who gives it away gives a copy.</summary>
    public required ClaimsIdentity Identity { get; init; }

    /// <summary>What a request carries along.</summary>
    public CallerToken? Carried { get; init; }

    public required string KeyId { get; init; }

    public required string Subject { get; init; }

    public string Tenant { get; init; } = "";

    /// <summary>The session; null for a service account.</summary>
    public required string? Session { get; init; }

    /// <summary>Whether an application was issued it for its user, for scopes that the user granted.</summary>
    public bool IsOfApplication { get; init; }

    public required string TokenId { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public override string ToString() => nameof(CheckedToken);

    /// <summary>Null for a token that lacks what every one has.</summary>
    public static CheckedToken? Of(string text, JsonWebToken token, ClaimsIdentity identity)
    {
        if (Text("sub") is not { } subject || Text("jti") is not { } id || Text("tid") is not { } tenant || Text("client_id") is null)
            return null;
        if (token.ValidTo == DateTime.MinValue || token.IssuedAt == DateTime.MinValue)
            return null;
        // A user's token has a session, a service account's a scope, an application's both: without either it is none.
        var session = Text("sid");
        if (session is null && Text("scope") is null)
            return null;
        // Signed in before the address was verified, or to add a second factor: good at Gatehouse, and nowhere else.
        if (token.TryGetPayloadValue<bool>("emailVerified", out var verified) && !verified)
            return null;
        if (token.TryGetPayloadValue<bool>("secondFactorDue", out var due) && due)
            return null;
        if (token.TryGetPayloadValue<bool>("accountClosed", out var closed) && closed)
            return null;
        var hash = TokenHash.Of(text);
        return new CheckedToken
        {
            Hash = hash,
            Identity = Plain(identity),
            Carried = new CallerToken(text, hash),
            KeyId = token.Kid,
            Subject = subject,
            Tenant = tenant,
            Session = session,
            IsOfApplication = session is not null && Text("scope") is not null,
            TokenId = id,
            IssuedAt = IssuedAtOf(id) ?? new DateTimeOffset(token.IssuedAt, TimeSpan.Zero),
            Expires = new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
        };

        string? Text(string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
    }

    // Each request gets a copy, so it holds nothing but the claims: those of the library carry a dictionary each, and the token itself.
    private static CaseSensitiveClaimsIdentity Plain(ClaimsIdentity identity)
    {
        var claims = identity.Claims.Select(c => new Claim(c.Type, c.Value, c.ValueType, c.Issuer, c.OriginalIssuer)).ToList();
        return new CaseSensitiveClaimsIdentity(claims, GatehouseDefaults.Scheme, "sub", "roles");
    }

    // The id of a service account's token is a version-7 UUID, whose time is finer than that of iat.
    private static DateTimeOffset? IssuedAtOf(string id) =>
        Guid.TryParseExact(id, "D", out var uuid) && uuid.Version == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(id.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 16
                    | long.Parse(id.AsSpan(9, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            )
            : null;
}

/// <summary>Stands for a token where answers about it are kept.</summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public const int MaxLength = 4096;

    /// <param name="token">ASCII, of at most <see cref="MaxLength"/> characters.</param>
    public static TokenHash Of(string token)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<UInt128> hash = stackalloc UInt128[2];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(token, bytes)], MemoryMarshal.AsBytes(hash));
        return new TokenHash(hash[0], hash[1]);
    }
}
