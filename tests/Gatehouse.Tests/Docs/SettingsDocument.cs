using System.Text;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Tests.Docs;

/// <summary>Generates docs/settings.md from the settings catalog and the XML documentation files.</summary>
internal static class SettingsDocument
{
    private const string Head = """
        # Settings

        This page is generated from the code by `SettingsDocumentTests`. Settings come from `appsettings.json`, from environment variables
        and from `--set Section:Name=value`; later sources override earlier ones. An empty value counts as unset. Durations have a unit
        (`90s`, `10m`, `1h`, `14d`) or are written out (`00:10:00`). A list is a comma-separated value or a set of numbered items (`…__0`,
        `…__1`). All settings are validated at startup, and all errors are reported at once.

        """;

    public static string Write(SettingsCatalog catalog)
    {
        var comments = catalog
            .Sections.Select(s => s.OptionsType.Assembly)
            .Distinct()
            .SelectMany(Repository.Comments)
            .ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        var page = new StringBuilder(Head);
        foreach (var section in catalog.Sections.GroupBy(s => s.Name, StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            page.Append("\n## ").Append(section.Key).Append("\n\n").Append(Comment(comments, "T:" + NameOf(section.First().OptionsType)));
            page.Append("\n\n| Setting | Environment variable | Default | Allowed | Meaning |\n| --- | --- | --- | --- | --- |\n");
            foreach (var part in section)
            {
                foreach (var setting in part.Properties)
                    page.Append(Row(part, setting, comments));
            }
        }

        return page.ToString();
    }

    private static string Row(SettingsSection section, SettingsProperty setting, Dictionary<string, string> comments)
    {
        var name = setting.Path[(SettingsCatalog.Root.Length + 1)..];
        var given =
            setting.Secret ? "none (secret)"
            : setting.DefaultText.Length == 0 ? "none"
            : $"`{setting.DefaultText}`";
        var meaning = Comment(comments, $"P:{NameOf(setting.Property.DeclaringType!)}.{setting.Property.Name}");
        return $"| `{name}` | `{setting.Variable}` | {given} | {setting.Allowed["must be ".Length..]} | "
            + $"{Context(section, setting, comments)}{meaning} |\n";
    }

    // A nested object's own comment says what the rule is for.
    private static string Context(SettingsSection section, SettingsProperty setting, Dictionary<string, string> comments)
    {
        var names = setting.Path.Split(':')[2..];
        if (names.Length < 2)
            return "";
        var holder = names[..^2].Aggregate(section.OptionsType, (type, name) => type.GetProperty(name)!.PropertyType);
        return comments.TryGetValue($"P:{NameOf(holder)}.{names[^2]}", out var text) ? text + " " : "";
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Comment(Dictionary<string, string> comments, string key) =>
        comments.TryGetValue(key, out var text) ? text : throw new InvalidOperationException($"{key} has no documentation comment.");
}
