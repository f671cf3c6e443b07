using System.ComponentModel;
using System.Security.Cryptography;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Clients;

/// <summary>How an application signs users in, as it is said by those who manage it. What is left out has its default.</summary>
public sealed record SignInInput
{
    internal const string Field = "signIn";
    internal const string KeysField = "publicKeys";

    internal const int MaxAddresses = 20;
    internal const int MaxKeys = 4;
    private const int MaxKeyLength = 2000;
    private const int MinRsaBits = 2048;

    [Description("Whether it cannot keep a secret: a program on a user's device or in a browser. Default false; it cannot be changed.")]
    public bool? Public { get; init; }

    [Description(
        "1 to 20 addresses (0 with deviceCode) that browsers may be sent to: "
            + "https, http on 127.0.0.1, [::1] or localhost (for public clients with any port), "
            + "or for public clients a scheme with a dot."
    )]
    public IReadOnlyList<string>? RedirectUris { get; init; }

    [Description("Up to 20 addresses that browsers may be sent to after sign-out, of the same kinds.")]
    public IReadOnlyList<string>? PostLogoutRedirectUris { get; init; }

    [Description("An https address for logout tokens; empty for none.")]
    [EmptyText]
    public string? BackchannelLogoutUri { get; init; }

    [Description("What it may ask for: openid, profile, email, phone, groups, offline_access. Default openid, profile and email.")]
    public IReadOnlyList<string>? Scopes { get; init; }

    [Description("Whether users are asked before it learns of them. Default true.")]
    public bool? RequireConsent { get; init; }

    [Description("Whether it must use PKCE (S256). Default true; always for public clients.")]
    public bool? RequirePkce { get; init; }

    [Description("Whether it must push its authorization requests. Default false.")]
    public bool? RequirePushedRequests { get; init; }

    [Description("RS256 (default) or ES256, for its ID tokens and logout tokens.")]
    public string? IdTokenAlgorithm { get; init; }

    [Description("Whether its ID tokens contain what the scopes allow of the user. Default false.")]
    public bool? UserClaimsInIdToken { get; init; }

    [Description("Whether it signs users in on devices without a browser, by a code that they type elsewhere (RFC 8628). Default false.")]
    public bool? DeviceCode { get; init; }

    internal SignInSettings Parse(ValidationErrors errors)
    {
        var isPublic = Public ?? false;
        if (RedirectUris is not { Count: > 0 } && DeviceCode != true)
            errors.Add(Field + ".redirectUris", ValidationCodes.Required);
        var algorithm = IdTokenAlgorithm ?? "RS256";
        if (algorithm is not ("RS256" or "ES256"))
            errors.Add(Field + ".idTokenAlgorithm", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", "RS256, ES256")));
        if (isPublic && RequirePkce == false)
            errors.Add(Field + ".requirePkce", ClientInput.PkceRequired);
        return new SignInSettings
        {
            Public = isPublic,
            RedirectUris = Addresses(RedirectUris, "redirectUris", isPublic, errors),
            PostLogoutRedirectUris = Addresses(PostLogoutRedirectUris, "postLogoutRedirectUris", isPublic, errors),
            BackchannelLogoutUri = Backchannel(errors),
            Scopes = ParseScopes(errors),
            RequireConsent = RequireConsent ?? true,
            RequirePkce = isPublic || (RequirePkce ?? true),
            RequirePushedRequests = RequirePushedRequests ?? false,
            IdTokenAlgorithm = algorithm,
            UserClaimsInIdToken = UserClaimsInIdToken ?? false,
            DeviceCode = DeviceCode ?? false,
        };
    }

    /// <summary>Public keys: RSA of 2,048 bits or more, or P-256.</summary>
    internal static IReadOnlyList<string>? ParseKeys(IReadOnlyList<string>? keys, ValidationErrors errors)
    {
        if (keys is null)
            return null;
        if (keys.Count > MaxKeys)
            errors.Add(KeysField, ValidationCodes.TooLong, TextInput.Limits(("max", MaxKeys)));
        else if (keys.Any(key => key.Length > MaxKeyLength || !IsPublicKey(key)))
            errors.Add(KeysField, ClientInput.KeyUnusable);
        return [.. keys.Distinct(StringComparer.Ordinal)];
    }

    private string? Backchannel(ValidationErrors errors)
    {
        if (TextInput.IsBlank(BackchannelLogoutUri))
            return null;
        if (!RedirectUri.IsAllowed(BackchannelLogoutUri!, isPublic: false))
            errors.Add(Field + ".backchannelLogoutUri", ClientInput.AddressNotAllowed);
        return BackchannelLogoutUri;
    }

    private IReadOnlyList<string> ParseScopes(ValidationErrors errors)
    {
        var scopes = Scopes ?? SignInScopes.Default;
        if (!scopes.Contains(SignInScopes.OpenId, StringComparer.Ordinal) || scopes.Except(SignInScopes.All, StringComparer.Ordinal).Any())
            errors.Add(Field + ".scopes", ClientInput.SignInScope);
        return [.. SignInScopes.All.Intersect(scopes, StringComparer.Ordinal)];
    }

    private static string[] Addresses(IReadOnlyList<string>? addresses, string field, bool isPublic, ValidationErrors errors)
    {
        var all = addresses ?? [];
        if (all.Count > MaxAddresses)
            errors.Add($"{Field}.{field}", ValidationCodes.TooLong, TextInput.Limits(("max", MaxAddresses)));
        else if (all.Any(address => !RedirectUri.IsAllowed(address, isPublic)))
            errors.Add($"{Field}.{field}", ClientInput.AddressNotAllowed);
        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    // What has a private part is no such thing, and is refused: it should not be anywhere but with its owner.
    private static bool IsPublicKey(string text)
    {
        try
        {
            using var key = ClientKey.Read(text);
            return key switch
            {
                RSA rsa => rsa.KeySize >= MinRsaBits,
                ECDsa ec => ec.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value,
                _ => false,
            };
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A public key of a client: Base64 of its SubjectPublicKeyInfo, which is what stands in a PEM file between the lines of
/// dashes.</summary>
internal static class ClientKey
{
    public static AsymmetricAlgorithm Read(string text)
    {
        var bytes = Convert.FromBase64String(text);
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            return rsa;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            var ec = ECDsa.Create();
            ec.ImportSubjectPublicKeyInfo(bytes, out _);
            return ec;
        }
    }
}
