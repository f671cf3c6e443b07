using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Domains;

/// <summary>Domains of tenants as people write them. Pure.</summary>
internal static class DomainInput
{
    /// <summary>The TXT record's name is longer by a label, and no name has over 253 characters (RFC 1035, 2.3.4).</summary>
    public static readonly int MaxLength = 253 - DomainCheck.RecordLabel.Length - 1;

    public const string Malformed = "organizations.domain-invalid";
    public const string Reserved = "organizations.domain-reserved";

    // Names that are nobody's, or of every network its own (RFC 6761, RFC 6762, RFC 7686, RFC 9476, the private-use name of ICANN).
    private static readonly string[] Special = ["localhost", "local", "internal", "invalid", "onion", "arpa", "alt", "home", "corp", "lan"];

    /// <summary>A domain in its one form: ASCII, lower case, no dot at the end; null if an error was added.</summary>
    /// <param name="publicHost">The host of the installation itself.</param>
    public static string? Parse(string? input, string publicHost, ValidationErrors errors)
    {
        if (TextInput.Clean(input, "domain", MaxLength + 1, errors) is not { } text)
            return null;
        if (Canonical(text) is not { } domain)
            errors.Add("domain", Malformed);
        else if (IsReserved(domain, publicHost))
            errors.Add("domain", Reserved);
        else
            return domain;
        return null;
    }

    /// <summary>The one form of all spellings; null if it is none that can be verified.</summary>
    public static string? Canonical(string text) =>
        DomainName.Canonical(text.EndsWith('.') ? text[..^1] : text) is { } domain && domain.Length <= MaxLength ? domain : null;

    private static bool IsReserved(string domain, string publicHost) =>
        domain.Equals(publicHost, StringComparison.OrdinalIgnoreCase)
        || Special.Contains(domain[(domain.LastIndexOf('.') + 1)..], StringComparer.Ordinal);
}
