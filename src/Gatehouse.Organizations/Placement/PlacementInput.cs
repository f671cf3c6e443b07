using System.Buffers;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Placement;

/// <summary>Domains and codes as people write them. Pure.</summary>
internal static class PlacementInput
{
    public const int MaxDomain = 253;
    public const int MaxCode = 32;

    public const string DomainMalformed = "organizations.domain-invalid";
    public const string CodeMalformed = "organizations.registration-code-invalid";

    private static readonly string[] Schemes = ["https://", "http://", "@"];

    private static readonly SearchValues<char> CodeText = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A domain, with or without a scheme before and a slash behind.</summary>
    public static string? ParseDomain(string? input, string field, ValidationErrors errors)
    {
        // Room for what is not kept of it.
        if (TextInput.Clean(input, field, MaxDomain + "https://".Length + 1, errors) is not { } text)
            return null;
        if (CanonicalDomain(text) is { } domain)
            return domain;
        errors.Add(field, DomainMalformed);
        return null;
    }

    /// <summary>The one form of all spellings of a domain; null if it is none.</summary>
    public static string? CanonicalDomain(string text)
    {
        var scheme = Schemes.FirstOrDefault(s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));
        var bare = text[(scheme?.Length ?? 0)..];
        var domain = DomainName.Canonical(bare.EndsWith('/') ? bare[..^1] : bare);
        return domain?.Length <= MaxDomain ? domain : null;
    }

    /// <summary>A registration code in lower case: 1 to 32 letters a-z, digits, hyphens and underscores.</summary>
    public static string? ParseCode(string? input, string field, ValidationErrors errors)
    {
        if (TextInput.Clean(input, field, MaxCode, errors) is not { } text)
            return null;
        var code = text.ToLowerInvariant();
        if (!code.AsSpan().ContainsAnyExcept(CodeText))
            return code;
        errors.Add(field, CodeMalformed);
        return null;
    }
}
