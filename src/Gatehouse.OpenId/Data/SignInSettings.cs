using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;

namespace Gatehouse.OpenId.Data;

/// <summary>How an application signs users in by OpenID Connect.</summary>
public sealed record SignInSettings : IStoredValue<SignInSettings, string>
{
    [Description(
        "Whether it cannot keep a secret: a program on a user's device or in a browser. It has no secrets and proves itself by PKCE alone."
    )]
    public required bool Public { get; init; }

    [Description("Where browsers may be sent with a code; compared character by character.")]
    public required IReadOnlyList<string> RedirectUris { get; init; }

    [Description("Where browsers may be sent after sign-out.")]
    public required IReadOnlyList<string> PostLogoutRedirectUris { get; init; }

    [Description("Where a signed logout token is posted when a user's session ends; null for nowhere.")]
    public required string? BackchannelLogoutUri { get; init; }

    [Description("What it may ask users for: openid, profile, email, phone, groups, offline_access.")]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("Whether users are asked before it learns of them.")]
    public required bool RequireConsent { get; init; }

    [Description("Whether it must use PKCE (S256); always for a public one.")]
    public required bool RequirePkce { get; init; }

    [Description("Whether it must push its authorization requests (RFC 9126).")]
    public required bool RequirePushedRequests { get; init; }

    [Description("RS256 or ES256: what its ID tokens and logout tokens are signed with.")]
    public required string IdTokenAlgorithm { get; init; }

    [Description("Whether its ID tokens say of the user what the scopes allow, for applications that do not ask at userinfo.")]
    public required bool UserClaimsInIdToken { get; init; }

    [Description("Whether it signs users in on devices without a browser (RFC 8628).")]
    public bool DeviceCode { get; init; }

    /// <summary>Whether nothing would change. (Lists of a record are compared by reference.)</summary>
    internal bool SaysAsMuchAs(SignInSettings other) => Stored(this) == Stored(other);

    private static string Stored(SignInSettings settings) => JsonSerializer.Serialize(settings, SignInJson.Default.SignInSettings);

    internal bool MayRedirectTo(string uri) => RedirectUris.Any(registered => RedirectUri.Matches(registered, uri, Public));

    internal bool MayReturnTo(string uri) => PostLogoutRedirectUris.Any(registered => RedirectUri.Matches(registered, uri, Public));

    string IStoredValue<SignInSettings, string>.ToStored() => Stored(this);

    static SignInSettings IStoredValue<SignInSettings, string>.FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, SignInJson.Default.SignInSettings)!;
}

/// <summary>Their stored form.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInSettings))]
internal sealed partial class SignInJson : JsonSerializerContext;
