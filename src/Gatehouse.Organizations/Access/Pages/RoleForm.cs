using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Organizations.Access;

/// <summary>The form of an own role, as it was typed.</summary>
public sealed record RoleForm
{
    public const string NameField = "name";
    public const string LabelField = "labels.";
    public const string PermissionsField = "permissions";

    /// <summary>In the order of <see cref="Of(IReadOnlyList{string})"/>.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        NameField,
        OrganizationCodes.Field,
        PermissionsField,
        .. Languages.All.Select(language => LabelField + language),
    ];

    private const int BeforeLabels = 3;

    public string Name { get; init; } = "";

    /// <summary>Its code; empty for the whole tenant.</summary>
    public string Organization { get; private init; } = "";

    public IReadOnlyList<string> Permissions { get; private init; } = [];

    /// <summary>In the languages of the service; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    // Several boxes of one name arrive with commas between them; no name has one.
    internal static RoleForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                Name = fields[0],
                Organization = fields[1],
                Permissions = fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries),
                Labels = Languages
                    .All.Select((language, i) => KeyValuePair.Create(language, fields[BeforeLabels + i]))
                    .ToDictionary(StringComparer.Ordinal),
            };

    internal static RoleForm Of(IFormCollection form) => Of([.. Fields.Select(field => form[field].ToString())])!;

    internal static RoleForm Of(RoleView role) =>
        new()
        {
            Name = role.Name,
            Permissions = role.Permissions,
            Labels = Languages.All.ToDictionary(l => l, l => role.Labels.GetValueOrDefault(l, ""), StringComparer.Ordinal),
        };

    /// <summary>The labels that are not empty, with those in languages that the form does not show.</summary>
    internal IReadOnlyDictionary<string, string> AllLabels(IReadOnlyDictionary<string, string>? stored) =>
        (stored ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Where(label => !Labels.ContainsKey(label.Key))
            .Concat(Labels.Where(label => !TextInput.IsBlank(label.Value)))
            .ToDictionary(StringComparer.Ordinal);
}

/// <summary>What the actor may put into a role, and what not.</summary>
public sealed record RoleOffer
{
    public required IReadOnlyList<PermissionGroup> Offered { get; init; }

    /// <summary>What a role of this reach could allow, but the actor does not hold.</summary>
    public required IReadOnlyList<PermissionGroup> Missing { get; init; }

    internal static RoleOffer Of(PermissionSet known, IReadOnlySet<string> possible, IReadOnlySet<string> held, HttpContext http) =>
        new()
        {
            Offered = known.Groups(possible.Where(held.Contains), http),
            Missing = known.Groups(possible.Where(name => !held.Contains(name)), http),
        };
}

/// <summary>What would be different once the form is saved.</summary>
public sealed record RoleChange
{
    public required IReadOnlyList<PermissionLine> Added { get; init; }

    public required IReadOnlyList<PermissionLine> Removed { get; init; }

    /// <summary>New and changed labels, by language; empty for one that is taken away.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>How many users have the role.</summary>
    public required int Holders { get; init; }

    public bool IsEmpty => Added.Count == 0 && Removed.Count == 0 && Labels.Count == 0;

    internal static RoleChange Of(RoleView? stored, RoleForm form, PermissionSet known, int holders, HttpContext http)
    {
        var before = stored?.Permissions ?? [];
        var labels = stored?.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<PermissionLine> Lines(IEnumerable<string> names) =>
            [.. known.Groups(names, http).SelectMany(group => group.Permissions)];
        return new RoleChange
        {
            Added = Lines(form.Permissions.Except(before, StringComparer.Ordinal)),
            Removed = Lines(before.Except(form.Permissions, StringComparer.Ordinal)),
            Labels = form
                .Labels.Select(label => KeyValuePair.Create(label.Key, label.Value.Trim()))
                .Where(label => label.Value != labels.GetValueOrDefault(label.Key, ""))
                .ToDictionary(StringComparer.Ordinal),
            Holders = holders,
        };
    }
}
