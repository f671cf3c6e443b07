using System.ComponentModel;
using Gatehouse.Contracts.Tenants;

namespace Gatehouse.Identity.Data;

/// <summary>Terms of service as users see them.</summary>
public sealed record TermsDueView
{
    [Description("What is accepted: acceptedTerms of a registration, version of POST /v1/me/terms.")]
    public required string Version { get; init; }

    [Description("Where they can be read, in the language of the request if there.")]
    public required string Link { get; init; }

    internal static TermsDueView Of(TenantTerms terms, string language) => new() { Version = terms.Version, Link = terms.LinkIn(language) };
}
