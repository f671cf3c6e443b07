using System.ComponentModel;
using Gatehouse.Contracts.Tenants;

namespace Gatehouse.Organizations.Settings;

/// <summary>The terms of service of a tenant as administrators see them.</summary>
public sealed record TermsView
{
    [Description("What users accept; null if there are no terms.")]
    public string? Version { get; init; }

    [Description("Where the terms can be read, by language: en, hi or es.")]
    public required IReadOnlyDictionary<string, string> Links { get; init; }

    internal static TermsView Of(TenantTerms? terms) =>
        new() { Version = terms?.Version, Links = terms?.Links ?? new Dictionary<string, string>(StringComparer.Ordinal) };
}
