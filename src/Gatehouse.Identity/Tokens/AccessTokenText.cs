using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Web;

namespace Gatehouse.Identity.Tokens;

/// <summary>Reads the text form of an access token, strictly: what this installation would not have written is no token. Pure.</summary>
internal static class AccessTokenText
{
    private const int MaxKeyIdLength = 64;
    private const string Session = "sid";

    /// <summary>Only where it is false: in tokens of users who were signed in before they verified their address or number.</summary>
    public const string EmailVerified = "emailVerified";

    /// <summary>How the user was authenticated (RFC 8176).</summary>
    public const string Methods = "amr";

    /// <summary>What that adds up to.</summary>
    public const string Assurance = "acr";

    /// <summary>Only where it is true: in tokens that are good for adding a second factor alone.</summary>
    public const string SecondFactorDue = "secondFactorDue";

    /// <summary>Only where it is true: in tokens that are good for opening a closed account again.</summary>
    public const string AccountClosed = "accountClosed";

    private static readonly string[] OfUsers =
    [
        Session,
        "auth_time",
        "org",
        "roles",
        EmailVerified,
        Methods,
        Assurance,
        SecondFactorDue,
        AccountClosed,
    ];

    /// <summary>
    /// The parts of a compact JWS with the one header that is allowed: <c>alg</c>, <c>typ</c> and <c>kid</c>, and nothing else. So keys and
    /// addresses of keys that a token brings along (<c>jwk</c>, <c>jku</c>, <c>x5u</c>), other algorithms, <c>none</c> and <c>crit</c> are
    /// rejected before anything is verified.
    /// </summary>
    public static TokenParts? Split(string token) =>
        Split(token, AccessTokens.Type) is { } parts && parts.Algorithm == AccessTokens.Algorithm ? parts : null;

    /// <summary>The same for a token of another type, by whichever algorithm the header names.</summary>
    public static TokenParts? Split(string token, string type)
    {
        if (!Ascii.IsValid(token))
            return null;
        var parts = token.Split('.');
        if (
            parts.Length != 3
            || Decode(parts[0]) is not { } header
            || Decode(parts[1]) is not { } payload
            || Decode(parts[2]) is not { } signature
        )
            return null;
        if (ReadObject(header) is not { Count: 3 } members)
            return null;
        if (Text(members, "alg") is not { } algorithm || Text(members, "typ") != type)
            return null;
        if (Text(members, "kid") is not { Length: > 0 and <= MaxKeyIdLength } keyId)
            return null;
        return new TokenParts(keyId, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), payload, signature)
        {
            Algorithm = algorithm,
        };
    }

    /// <summary>What an ID token with a good signature says, expired or not; null when it is not of this issuer.</summary>
    public static IdTokenFacts? ReadHint(TokenParts parts, string issuer)
    {
        if (ReadObject(parts.Payload) is not { } claims || Text(claims, "iss") != issuer || Text(claims, "aud") is not { } audience)
            return null;
        return Id(claims, "sub") is { } user && Id(claims, Session) is { } session
            ? new IdTokenFacts(user, audience) { Session = session }
            : null;
    }

    /// <summary>What a token with a good signature says, whichever services it is for, or null when it is not of an issuer here, or not
    /// issued yet.</summary>
    public static ValidatedToken? ReadClaims(TokenParts parts, Predicate<string> isIssuer, DateTimeOffset latestIssue)
    {
        if (ReadObject(parts.Payload) is not { } claims)
            return null;
        if (Text(claims, "iss") is not { } issuer || !isIssuer(issuer) || Audiences(claims) is not { Count: > 0 } audiences)
            return null;
        if (Time(claims, "exp") is not { } expires)
            return null;
        if (Time(claims, "iat") is not { } issued || issued > latestIssue)
            return null;
        if (Id(claims, "tid") is not { } tenant)
            return null;
        // Wholly of one kind: what only the other one has is in neither.
        var owner =
            claims.ContainsKey("scope") && !claims.ContainsKey(Session) ? ReadAccount(claims, tenant)
            : ReadUser(claims) is { } user ? new AccessClaims(tenant, user)
            : null;
        return owner is null
            ? null
            : new ValidatedToken(parts.KeyId, expires, owner)
            {
                Issuer = issuer,
                Audiences = audiences,
                IssuedAt = issued,
                TokenId = Text(claims, "jti") ?? "",
                ClientId = Text(claims, "client_id") ?? AccessTokens.OwnClient,
            };
    }

    private static SignedInUser? ReadUser(Dictionary<string, JsonElement> claims)
    {
        if (Id(claims, "sub") is not { } person || Id(claims, Session) is not { } session || Time(claims, "auth_time") is not { } at)
            return null;
        var user = new SignedInUser(person, session, at)
        {
            OrganizationId = Id(claims, "org"),
            Roles = Texts(claims, "roles"),
            IsUnverified = claims.TryGetValue(EmailVerified, out var verified) && verified.ValueKind != JsonValueKind.True,
            Methods = Texts(claims, Methods),
            MustEnroll = claims.TryGetValue(SecondFactorDue, out var due) && due.ValueKind != JsonValueKind.False,
            IsClosed = claims.TryGetValue(AccountClosed, out var closed) && closed.ValueKind != JsonValueKind.False,
        };
        // Ours is for no scope, an application's for some: anything between is none.
        var client = Text(claims, "client_id") is { Length: > 0 } name && name != AccessTokens.OwnClient ? name : null;
        if (client is null || !claims.ContainsKey("scope"))
            return client is null && !claims.ContainsKey("scope") ? user : null;
        return Text(claims, "scope") is { } scope ? user with { ClientId = client, Scopes = Split(scope, ' ') } : null;
    }

    private static AccessClaims? ReadAccount(Dictionary<string, JsonElement> claims, Guid tenant)
    {
        if (OfUsers.Any(claims.ContainsKey))
            return null;
        if (Id(claims, "sub") is not { } client || Id(claims, "jti") is not { Version: 7 } token)
            return null;
        if (Text(claims, "client_id") is not { Length: > 0 } name || name == AccessTokens.OwnClient)
            return null;
        if (Text(claims, "scope") is not { } scope)
            return null;
        return new AccessClaims(
            tenant,
            new ServiceAccount(client)
            {
                ClientId = name,
                TokenId = token,
                Scopes = Split(scope, ' '),
            }
        );
    }

    private static string[] Split(string text, char separator) => text.Split(separator, StringSplitOptions.RemoveEmptyEntries);

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // The decoder skips white space and takes padding; neither belongs into a token (RFC 7515, 2).
        if (text.AsSpan().ContainsAny(" \t\r\n="))
            return null;
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    /// <summary>The members of a JSON object; null for anything else, and where a name stands twice.</summary>
    private static Dictionary<string, JsonElement>? ReadObject(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            return document.RootElement.EnumerateObject().All(m => members.TryAdd(m.Name, m.Value.Clone())) ? members : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<string> Texts(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!)]
            : [];

    // One as text, several as a list (RFC 7519, 4.1.3), which is how they are written here.
    private static IReadOnlyList<string>? Audiences(Dictionary<string, JsonElement> claims) =>
        Text(claims, "aud") is { Length: > 0 } one ? [one]
        : claims.TryGetValue("aud", out var value)
        && value.ValueKind == JsonValueKind.Array
        && value.GetArrayLength() > 1
        && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? Texts(claims, "aud")
        : null;

    private static Guid? Id(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? id : null;

    private static DateTimeOffset? Time(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds)
        && seconds is >= 0 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

/// <summary>A token taken apart.</summary>
/// <param name="Signed">What the signature covers.</param>
internal sealed record TokenParts(string KeyId, byte[] Signed, byte[] Payload, byte[] Signature)
{
    public string Algorithm { get; init; } = "";
}

/// <summary>A genuine token. Whether it is good now depends on the time, on its key still being published, and on its session.</summary>
internal sealed record ValidatedToken(string KeyId, DateTimeOffset Expires, AccessClaims Claims)
{
    public required string Issuer { get; init; }

    /// <summary>The services that it is for.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required string TokenId { get; init; }

    public required string ClientId { get; init; }
}
