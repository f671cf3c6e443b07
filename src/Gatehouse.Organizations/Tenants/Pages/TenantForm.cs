using Gatehouse.Core.Results;
using Gatehouse.Web.Pages;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The fields about a tenant. What was typed stands in one order: name, display name, blueprint.</summary>
public sealed record TenantForm
{
    public const string NameField = "tenantName";
    public const string DisplayNameField = "displayName";
    public const string BlueprintField = "blueprint";

    public static readonly IReadOnlyList<string> Fields = [NameField, DisplayNameField, BlueprintField];

    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Name of the tenant that it is made like; empty for none.</summary>
    public string? Blueprint { get; init; }

    internal static TenantForm Of(IReadOnlyList<string>? fields) =>
        new()
        {
            Name = fields?[0],
            DisplayName = fields?[1],
            Blueprint = fields?[2],
        };

    internal static Error? AtFields(Error? error) => error.AtField(NameField, TenantsErrors.NameTaken).Renamed(("name", NameField));
}
