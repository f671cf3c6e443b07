using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Core.Tenants;

/// <summary>The tenant of a single-tenant installation.</summary>
public sealed class TenantOptions
{
    /// <summary>
    /// Name in the header <c>Gatehouse-Tenant</c>: 1 to 63 lower-case letters, digits or hyphens, default <c>default</c>.
    /// </summary>
    [Required]
    [RegularExpression("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
    public string Name { get; set; } = "default";

    /// <summary>Display name in mails and on pages: 1 to 60 characters, default <c>Gatehouse</c>.</summary>
    [Required]
    [StringLength(60, MinimumLength = 1)]
    public string DisplayName { get; set; } = "Gatehouse";
}
