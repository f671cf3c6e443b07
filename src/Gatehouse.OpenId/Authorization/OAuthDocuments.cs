using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Gatehouse.OpenId.Authorization;

/// <summary>A rejection in the form of OAuth 2.0 (RFC 6749, 5.2).</summary>
public sealed record OAuthError
{
    [Description("Stable code, such as invalid_client, invalid_request, invalid_scope or unsupported_grant_type.")]
    [JsonPropertyName("error")]
    public required string Error { get; init; }

    [Description("For developers, in English.")]
    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }
}

/// <summary>A token (RFC 6749, 5.1).</summary>
public sealed record TokenAnswer
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [Description("Bearer.")]
    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    [Description("Lifetime in seconds.")]
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    [Description("What the token is for: scopes with spaces between them.")]
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }

    [Description("For an application: good for one time.")]
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    [Description("For an application that asked for openid: who signed in, and when.")]
    [JsonPropertyName("id_token")]
    public string? IdToken { get; init; }

    public override string ToString() => "[access token]";
}

/// <summary>A request that was pushed (RFC 9126, 2.2).</summary>
public sealed record PushedAnswer
{
    [Description("Stands for the request at the authorization endpoint.")]
    [JsonPropertyName("request_uri")]
    public required string RequestUri { get; init; }

    [Description("Lifetime in seconds.")]
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }
}

/// <summary>The codes of a sign-in on a device (RFC 8628, 3.2).</summary>
public sealed record DeviceAnswer
{
    [Description("For the device alone.")]
    [JsonPropertyName("device_code")]
    public required string DeviceCode { get; init; }

    [Description("For its user.")]
    [JsonPropertyName("user_code")]
    public required string UserCode { get; init; }

    [Description("Where its user types it.")]
    [JsonPropertyName("verification_uri")]
    public required string VerificationUri { get; init; }

    [Description("The same with the code, for a picture that is scanned.")]
    [JsonPropertyName("verification_uri_complete")]
    public required string VerificationUriComplete { get; init; }

    [Description("Lifetime in seconds.")]
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    [Description("Seconds between two questions.")]
    [JsonPropertyName("interval")]
    public required int Interval { get; init; }

    public override string ToString() => "[device code]";
}

/// <summary>What a token says (RFC 7662, 2.2). Without a good token there is nothing but active.</summary>
public sealed record IntrospectionAnswer
{
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    [Description("The user or the client.")]
    [JsonPropertyName("sub")]
    public Guid? Sub { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("exp")]
    public long? Exp { get; init; }

    [JsonPropertyName("iat")]
    public long? Iat { get; init; }

    [Description("The tenant.")]
    [JsonPropertyName("tid")]
    public Guid? Tid { get; init; }

    [Description("The session of a user's token.")]
    [JsonPropertyName("sid")]
    public Guid? Sid { get; init; }

    [Description("The organization that a user's token speaks for.")]
    [JsonPropertyName("org")]
    public Guid? Org { get; init; }

    [Description("The roles in a user's token.")]
    [JsonPropertyName("roles")]
    public IReadOnlyList<string>? Roles { get; init; }
}
