using System.ComponentModel;
using System.Text.Json;
using Gatehouse.Contracts.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Organizations.Access;

/// <summary>A role as it is shown.</summary>
public sealed record RoleView
{
    public required Guid Id { get; init; }

    [Description("Unique where it counts; permanent. Tokens carry it.")]
    public required string Name { get; init; }

    [Description("What people read, by language.")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [Description("The organization it belongs to; null for the whole tenant.")]
    public required Guid? OrganizationId { get; init; }

    [Description("How far it reaches: organization, tenant or platform. A role of the tenant can also be assigned in one organization.")]
    public required string Level { get; init; }

    [Description("Whether every tenant has it. Such a role cannot be changed.")]
    public required bool BuiltIn { get; init; }

    [Description("What it allows, such as users:read.")]
    public required IReadOnlyList<string> Permissions { get; init; }
}

/// <summary>A role, an own or a built-in one, and the permissions there are.</summary>
internal sealed record FoundRole(PermissionSet Known)
{
    public RoleRow? Own { get; init; }

    public BuiltInRole? BuiltIn { get; init; }
}

internal sealed class RoleViews(MessageCatalog texts)
{
    public static RoleView View(RoleRow row, PermissionSet known) => View(row.ToRole(known), Labels(row));

    public RoleView View(BuiltInRole role, PermissionSet known) =>
        View(
            Roles.Of(role, known),
            Languages.All.ToDictionary(
                language => language,
                language => texts.Text("page.role." + role.Name, language),
                StringComparer.Ordinal
            )
        );

    /// <summary>The role with the ETag that a change may name; a built-in one has none.</summary>
    public IResult Show(HttpContext http, FoundRole found, int status = 200) =>
        found.Own is { } row
            ? http.Tagged(View(row, found.Known), row.Tag(), status)
            : TypedResults.Json(View(found.BuiltIn!, found.Known));

    private static RoleView View(Role role, IReadOnlyDictionary<string, string> labels) =>
        new()
        {
            Id = role.Id,
            Name = role.Name,
            Labels = labels,
            OrganizationId = role.OrganizationId,
            Level = AccessLevels.Name(role.Level),
            BuiltIn = role.IsBuiltIn,
            Permissions = [.. role.Permissions.Order(StringComparer.Ordinal)],
        };

    public static IReadOnlyDictionary<string, string> Labels(RoleRow row) =>
        JsonSerializer.Deserialize(row.Labels, AccessJson.Default.IReadOnlyDictionaryStringString)!;
}

internal static class RoleTags
{
    /// <summary>The role that is shown.</summary>
    public static Role ToRole(this RoleView view) =>
        new()
        {
            Id = view.Id,
            Name = view.Name,
            Level = AccessLevels.Find(view.Level)!.Value,
            OrganizationId = view.OrganizationId,
            Permissions = view.Permissions.ToHashSet(StringComparer.Ordinal),
        };

    /// <summary>The version as it stands in <c>ETag</c>.</summary>
    public static string Tag(this RoleRow row) => EntityTags.Quoted(row.Version);
}

/// <summary>Levels as they are written.</summary>
internal static class AccessLevels
{
    public static IReadOnlyList<string> Names { get; } = ["organization", "tenant", "platform"];

    public static string Name(AccessLevel level) => Names[(int)level];

    public static AccessLevel? Find(string? name) =>
        name is not null && Names.Contains(name, StringComparer.Ordinal) ? (AccessLevel)Names.ToList().IndexOf(name) : null;
}
