using System.ComponentModel;
using Gatehouse.Core.Tenants;

namespace Gatehouse.Organizations.Tenants;

/// <summary>A tenant as administrators see it.</summary>
public sealed record TenantView
{
    public required Guid Id { get; init; }

    [Description("Name in the header Gatehouse-Tenant.")]
    public required string Name { get; init; }

    [Description("The name that users read.")]
    public required string DisplayName { get; init; }

    [Description("active, or disabled: nobody of it can sign in.")]
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <param name="options">The first tenant has its names from the settings.</param>
    internal static TenantView Of(TenantRow row, TenantOptions options) =>
        new()
        {
            Id = row.Id,
            Name = row.Id == DefaultTenant.Id ? options.Name : row.Name,
            DisplayName = row.Id == DefaultTenant.Id ? options.DisplayName : row.DisplayName,
            State = row.State,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
}
