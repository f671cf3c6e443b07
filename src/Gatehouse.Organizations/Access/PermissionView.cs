using System.ComponentModel;
using Gatehouse.Contracts.Access;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>A permission as it is shown.</summary>
public sealed record PermissionView
{
    [Description("area:verb; registered ones with a prefix of their service, such as shop.orders:read.")]
    public required string Name { get; init; }

    [Description("The lowest level at which it can be held: organization, tenant or platform.")]
    public required string Level { get; init; }

    [Description("What it allows, in one sentence.")]
    public required string Description { get; init; }

    [Description("Whether it was registered for another service.")]
    public required bool Registered { get; init; }

    [Description("The requests that need it: * is one segment, ** at the end all that follow. Null if there are none.")]
    public required string? Path { get; init; }

    [Description("Their methods; empty for all.")]
    public required IReadOnlyList<string> Methods { get; init; }
}

internal static class PermissionViews
{
    public static PermissionView View(this Permission permission) =>
        new()
        {
            Name = permission.Name,
            Level = AccessLevels.Name(permission.Level),
            Description = permission.Description,
            Registered = false,
            Path = null,
            Methods = [],
        };

    public static PermissionView View(this PermissionRow row) =>
        row.ToPermission().View() with
        {
            Registered = true,
            Path = row.Path,
            Methods = row.Methods,
        };
}
