using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.Extensions.Caching.Memory;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Issues and evaluates access tokens: JWT of the type <c>at+jwt</c> (RFC 9068), ES256 only. What is not exactly what this installation
/// issues is rejected without a reason (RFC 8725); the header is evaluated before any key is looked up. What a client was issued at a
/// tenant's own domain names that as the issuer (RFC 9068, 4), and is good as long as the domain is the tenant's.
/// </summary>
internal sealed class AccessTokens(
    SigningKeys keys,
    Revocations revocations,
    TokenOptions options,
    HttpOptions http,
    TimeProvider clock,
    ITenantDirectory tenants,
    IServiceAccountDirectory? accounts = null
) : IAccessTokenCheck, IDisposable
{
    public const string Type = "at+jwt";
    public const string Algorithm = "ES256";

    /// <summary>The client of sign-ins at our own pages and API, where no other one asked for the token (RFC 9068, 2.2).</summary>
    public const string OwnClient = "gatehouse";

    // Ours have about 600 characters; roles and an organization still fit.
    private const int MaxTokenLength = 4096;

    // Nothing of it is ever shown in a page; services expect the type as it is written.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public string Issuer { get; } = http.PublicBase.AbsoluteUri.TrimEnd('/');

    public string Audience => options.Audience.Length > 0 ? options.Audience : Issuer;

    /// <summary>A token good for the configured time.</summary>
    public (string Token, TimeSpan Lifetime) Issue(AccessClaims claims) => Issue(claims, DateTimeOffset.MaxValue);

    /// <summary>A token for the session, good for the configured time but never beyond the session's end.</summary>
    public (string Token, TimeSpan Lifetime) Issue(AccessClaims claims, DateTimeOffset sessionEnds) =>
        Issue(claims, sessionEnds, Issuer, resources: []);

    /// <summary>The same under the name of a tenant's domain, or for other services.</summary>
    /// <param name="resources">The services that it is for; none for Gatehouse itself.</param>
    public (string Token, TimeSpan Lifetime) Issue(
        AccessClaims claims,
        DateTimeOffset sessionEnds,
        string issuer,
        IReadOnlyList<string> resources
    )
    {
        var now = claims.ServiceAccount?.IssuedAt ?? clock.GetUtcNow();
        var lifetime = sessionEnds - now < options.AccessLifetime ? sessionEnds - now : options.AccessLifetime;
        var key = keys.Current;
        var text = Encode(WriteHeader(key.Id)) + "." + Encode(WriteClaims(claims, issuer, resources, now, now + lifetime));
        return (text + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text))), lifetime);
    }

    public async ValueTask<Outcome<AccessClaims>> CheckAsync(string token, CancellationToken cancellationToken)
    {
        var judged = await EvaluateAsync(token, cancellationToken);
        return judged.Error is { } error ? error : judged.Value.Claims;
    }

    /// <summary>The same with all that the token says.</summary>
    public async ValueTask<Outcome<ValidatedToken>> EvaluateAsync(string token, CancellationToken cancellationToken)
    {
        var judged = await EvaluateForAnyAsync(token, cancellationToken);
        return judged.Error is not null || IsForUs(judged.Value) ? judged : RequestErrors.Unauthenticated;
    }

    /// <summary>The same for whichever service the token is: for those who ask about it, and who take it back.</summary>
    public async ValueTask<Outcome<ValidatedToken>> EvaluateForAnyAsync(string token, CancellationToken cancellationToken)
    {
        var judged = await ValidateAsync(token, cancellationToken);
        if (judged is null || judged.Expires + Skew <= clock.GetUtcNow())
            return RequestErrors.Unauthenticated;
        // A population that is gone has nobody signed in.
        if (await tenants.FindAsync(judged.Claims.TenantId, cancellationToken) is null)
            return RequestErrors.Unauthenticated;
        if (judged.Issuer != Issuer && !await IsOfTenantAsync(judged, cancellationToken))
            return RequestErrors.Unauthenticated;
        if (judged.Claims.ServiceAccount is { } account)
            return await IsLiveAsync(judged.Claims.TenantId, account, cancellationToken) ? judged : RequestErrors.Unauthenticated;

        // A node that does not know what was revoked cannot say that this was not.
        if (!revocations.AreKnown)
            return RequestErrors.DependencyUnavailable;
        return revocations.Contains(judged.Claims.User!.SessionId) ? RequestErrors.Unauthenticated : judged;
    }

    private bool IsForUs(ValidatedToken token) => token.Audiences is [var audience] && audience == Audience;

    // A domain that was removed issues nothing more, and what it issued counts no more; one that is another tenant's by now still less.
    private async ValueTask<bool> IsOfTenantAsync(ValidatedToken token, CancellationToken cancellationToken) =>
        http.DomainOf(token.Issuer) is { } domain
        && await tenants.FindByHostAsync(domain, cancellationToken) is { } tenant
        && tenant.Id == token.Claims.TenantId;

    private async ValueTask<bool> IsLiveAsync(Guid tenant, ServiceAccount account, CancellationToken cancellationToken) =>
        accounts is not null && await accounts.FindAsync(tenant, account.Id, account.TokenId, cancellationToken) is not null;

    public void Dispose() => seen.Dispose();

    /// <summary>
    /// What never changes about a token: its signature and its claims. A client sends the same one hundreds of times, and the signature is
    /// the dear part; what does change is evaluated each time, the key included.
    /// </summary>
    private async ValueTask<ValidatedToken?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength)
            return null;
        // By the text itself: a digest of it would cost more than all the rest of a look-up.
        if (seen.TryGetValue(token, out ValidatedToken? known))
            return await keys.FindAsync(known!.KeyId, cancellationToken) is null ? null : known;

        if (AccessTokenText.Split(token) is not { } parts)
            return null;
        if (await keys.FindAsync(parts.KeyId, cancellationToken) is not { } key || !key.Verify(parts.Signed, parts.Signature))
            return null;
        if (AccessTokenText.ReadClaims(parts, IsIssuer, clock.GetUtcNow() + Skew) is not { } judged)
            return null;
        // Our own sign-ins are those of the installation.
        if (judged.Issuer != Issuer && judged.ClientId == OwnClient)
            return null;
        return seen.Set(
            token,
            judged,
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.AccessLifetime + Skew }
        );
    }

    private bool IsIssuer(string issuer) => issuer == Issuer || http.DomainOf(issuer) is not null;

    private static byte[] WriteHeader(string keyId) =>
        Write(json =>
        {
            json.WriteString("alg", Algorithm);
            json.WriteString("typ", Type);
            json.WriteString("kid", keyId);
        });

    private byte[] WriteClaims(
        AccessClaims claims,
        string issuer,
        IReadOnlyList<string> resources,
        DateTimeOffset now,
        DateTimeOffset expires
    ) =>
        Write(json =>
        {
            json.WriteString("iss", issuer);
            json.WriteString("sub", claims.User?.Id ?? claims.ServiceAccount!.Id);
            if (resources.Count > 1)
                WriteTexts(json, "aud", resources);
            else
                json.WriteString("aud", resources is [var only] ? only : Audience);
            json.WriteString("client_id", claims.ServiceAccount?.ClientId ?? claims.User?.ClientId ?? OwnClient);
            json.WriteNumber("exp", expires.ToUnixTimeSeconds());
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteString("tid", claims.TenantId);
            if (claims.User is { } user)
                Write(json, user);
            else
                Write(json, claims.ServiceAccount!);
        });

    private static void Write(Utf8JsonWriter json, SignedInUser user)
    {
        json.WriteNumber("auth_time", user.AuthenticatedAt.ToUnixTimeSeconds());
        json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        json.WriteString("sid", user.SessionId);
        if (user.Methods.Count > 0)
            WriteTexts(json, AccessTokenText.Methods, user.Methods);
        json.WriteString(AccessTokenText.Assurance, AuthenticationMethods.AssuranceOf(user.Methods));
        if (user.MustEnroll)
            json.WriteBoolean(AccessTokenText.SecondFactorDue, value: true);
        if (user.IsClosed)
            json.WriteBoolean(AccessTokenText.AccountClosed, value: true);
        if (user.ClientId is not null)
            json.WriteString("scope", string.Join(' ', user.Scopes));
        if (user.IsUnverified)
            json.WriteBoolean(AccessTokenText.EmailVerified, value: false);
        if (user.OrganizationId is { } organization)
            json.WriteString("org", organization);
        if (user.Roles.Count > 0)
            WriteTexts(json, "roles", user.Roles);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ServiceAccount account)
    {
        json.WriteString("jti", account.TokenId);
        json.WriteString("scope", string.Join(' ', account.Scopes));
    }

    internal static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    internal static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
