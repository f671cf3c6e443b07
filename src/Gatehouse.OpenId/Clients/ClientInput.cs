using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Clients;

/// <summary>What is said of a client by those who manage it.</summary>
internal static class ClientInput
{
    public const int MaxName = 64;
    public const int MaxScopes = 100;

    // An access token names all of them, and has 4,096 characters at most.
    private const int MaxScopesLength = 2000;
    private const int MaxResources = 10;
    private const int MaxResourcesLength = 1000;
    public const int MaxReason = 500;
    public const int MaxSecretDays = 730;

    public const string ScopeUnknown = "openid.scope-unknown";
    public const string ScopeLevel = "openid.scope-level";
    public const string OrganizationUnknown = "openid.organization-unknown";
    public const string AddressNotAllowed = "openid.address-not-allowed";
    public const string SignInScope = "openid.sign-in-scope";
    public const string PkceRequired = "openid.pkce-required";
    public const string KeyUnusable = "openid.key-unusable";
    public const string ResourceUnusable = "openid.resource-unusable";
    public const string PublicClient = "openid.public-client";

    public static string? ParseName(string? input, ValidationErrors errors) => OneLine.Parse(input, "name", MaxName, errors);

    public static string? ParseReason(string? input, ValidationErrors errors) =>
        TextInput.IsBlank(input) ? null : OneLine.Parse(input, "reason", MaxReason, errors);

    /// <summary>Names of permissions, each once. Whether there are such is another question (<see cref="Check"/>).</summary>
    /// <param name="mayBeNone">For an application that signs users in and does nothing for itself.</param>
    public static IReadOnlyList<string> ParseScopes(IReadOnlyList<string>? input, bool mayBeNone, ValidationErrors errors)
    {
        if (input is not { Count: > 0 } && mayBeNone)
            return [];
        if (input is null || input.Count == 0)
            errors.Add("scopes", ValidationCodes.Required);
        else if (input.Count > MaxScopes || input.Sum(scope => scope.Length + 1) > MaxScopesLength)
            errors.Add("scopes", ValidationCodes.TooLong, TextInput.Limits(("max", MaxScopes)));
        return [.. (input ?? []).Take(MaxScopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Services for which it may get access tokens: absolute URIs without fragment (RFC 8707, 2), each once; null for what was not
    /// said.</summary>
    public static string[]? ParseResources(IReadOnlyList<string>? input, ValidationErrors errors)
    {
        if (input is null)
            return null;
        if (input.Count > MaxResources || input.Sum(resource => resource.Length) > MaxResourcesLength)
            errors.Add("resources", ValidationCodes.TooLong, TextInput.Limits(("max", MaxResources)));
        else if (!input.All(IsResource))
            errors.Add("resources", ResourceUnusable);
        return [.. input.Distinct(StringComparer.Ordinal)];
    }

    // As they are compared, character by character; what a parser would take in another spelling is no one's.
    private static bool IsResource(string text) =>
        text.All(c => c is > ' ' and < '\u007f' and not ('#' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}'))
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && text.StartsWith(uri.Scheme + ":", StringComparison.Ordinal);

    /// <summary>Adds an error if one of the names is no permission, or none that can be held at the level.</summary>
    public static void Check(
        IReadOnlyList<string> scopes,
        AccessLevel level,
        IReadOnlyDictionary<string, Permission> known,
        ValidationErrors errors
    )
    {
        if (scopes.Any(scope => !known.ContainsKey(scope)))
            errors.Add("scopes", ScopeUnknown);
        else if (scopes.Any(scope => known[scope].Level > level))
            errors.Add("scopes", ScopeLevel);
    }

    public static Guid? ParseOrganization(string? input, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return null;
        if (Guid.TryParseExact(input, "D", out var id) && id != Guid.Empty)
            return id;
        errors.Add("organizationId", ValidationCodes.WrongType, TextInput.Limits(("expected", "UUID")));
        return null;
    }

    /// <summary>How long a secret lives; null for ever.</summary>
    public static TimeSpan? ParseLifetime(int? days, string field, ValidationErrors errors)
    {
        if (days is null)
            return null;
        if (days is >= 1 and <= MaxSecretDays)
            return TimeSpan.FromDays(days.Value);
        errors.Add(field, ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", MaxSecretDays)));
        return null;
    }
}
