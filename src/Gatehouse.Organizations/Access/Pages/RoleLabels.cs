namespace Gatehouse.Organizations.Access;

/// <summary>What people read of a role.</summary>
internal static class RoleLabels
{
    /// <summary>The label in the language, else in English, else the name.</summary>
    public static string Choose(IReadOnlyDictionary<string, string> labels, string name, string language) =>
        labels.TryGetValue(language, out var label) || labels.TryGetValue(Web.Languages.Default, out label) ? label : name;

    /// <summary>The name, where the label is another one.</summary>
    public static string? Note(string name, string label) => label == name ? null : name;

    public static string Label(this RoleView role, string language) => Choose(role.Labels, role.Name, language);

    public static string Label(this HeldRole role, string language) => Choose(role.Labels, role.Name, language);
}
