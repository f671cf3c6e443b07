using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Identity.Sessions;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Outcomes;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Issues and judges access tokens: JWT of the type <c>at+jwt</c> (RFC 9068), ES256 only. What is not exactly what this installation issues is refused
/// without a reason (RFC 8725); the header is judged before any key is looked up.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, Revocations revocations, TokenOptions options, HttpOptions http, TimeProvider clock) : IAccessTokenCheck
{
    public const string Type = "at+jwt";
    public const string Algorithm = "ES256";

    // Ours have about 600 characters; roles and an organization still fit.
    private const int LongestToken = 4096;

    // Nothing of it is ever shown in a page; services expect the type as it is written.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    public string Issuer { get; } = http.PublicBase.AbsoluteUri.TrimEnd('/');

    public string Audience => options.Audience.Length > 0 ? options.Audience : Issuer;

    /// <summary>A token for the session, good for the configured time but never beyond the session's end.</summary>
    public (string Token, TimeSpan Lifetime) Issue(AccessClaims claims, DateTimeOffset sessionEnds)
    {
        var now = clock.GetUtcNow();
        var lifetime = sessionEnds - now < options.AccessLifetime ? sessionEnds - now : options.AccessLifetime;
        var key = keys.Current;
        var text = Encode(WriteHeader(key.Id)) + "." + Encode(WriteClaims(claims, now, now + lifetime));
        return (text + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text))), lifetime);
    }

    public async ValueTask<Outcome<AccessClaims>> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (AccessTokenText.Split(token, LongestToken) is not { } parts) return RequestErrors.Unauthenticated;
        if (await keys.FindAsync(parts.KeyId, cancellationToken) is not { } key) return RequestErrors.Unauthenticated;
        if (!key.Verify(parts.Signed, parts.Signature)) return RequestErrors.Unauthenticated;
        if (AccessTokenText.ReadClaims(parts.Payload, Issuer, Audience, Skew, clock.GetUtcNow()) is not { } claims) return RequestErrors.Unauthenticated;

        // A node that does not know what was revoked cannot say that this was not.
        if (!revocations.AreKnown) return RequestErrors.DependencyUnavailable;
        return revocations.Contains(claims.Person.SessionId) ? RequestErrors.Unauthenticated : claims;
    }

    private static byte[] WriteHeader(string keyId) => Write(json =>
    {
        json.WriteString("alg", Algorithm);
        json.WriteString("typ", Type);
        json.WriteString("kid", keyId);
    });

    private byte[] WriteClaims(AccessClaims claims, DateTimeOffset now, DateTimeOffset expires) => Write(json =>
    {
        json.WriteString("iss", Issuer);
        json.WriteString("sub", claims.Person.Id);
        json.WriteString("aud", Audience);
        json.WriteNumber("exp", expires.ToUnixTimeSeconds());
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteNumber("auth_time", claims.Person.AuthenticatedAt.ToUnixTimeSeconds());
        json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        json.WriteString("sid", claims.Person.SessionId);
        json.WriteString("tid", claims.TenantId);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
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

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
