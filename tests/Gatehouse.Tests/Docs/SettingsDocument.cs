using System.Text;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Tests.Docs;

/// <summary>Writes docs/settings.md from the catalogue and the compilers' documentation files.</summary>
internal static class SettingsDocument
{
    private const string Head =
        """
        # Settings

        This page is written from the code by `SettingsDocumentTests`. Settings come from `appsettings.json`, from environment variables and from
        `--set Section:Name=value`, the later winning over the earlier. An empty value counts as unset. Durations carry a unit (`90s`, `10m`, `1h`,
        `14d`) or are written out (`00:10:00`). A list is one line with commas, or numbered items (`…__0`, `…__1`).
        Everything is checked at start, and all faults are reported at once.

        """;

    public static string Write(SettingsCatalog catalog)
    {
        var comments = catalog.Sections.Select(s => s.OptionsType.Assembly).Distinct().SelectMany(Repository.Comments).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        var page = new StringBuilder(Head);
        foreach (var section in catalog.Sections.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            page.Append("\n## ").Append(section.Name).Append("\n\n").Append(Comment(comments, "T:" + NameOf(section.OptionsType)));
            page.Append("\n\n| Setting | Environment variable | Default | Allowed | Meaning |\n| --- | --- | --- | --- | --- |\n");
            foreach (var setting in section.Properties) page.Append(Row(setting, comments));
        }

        return page.ToString();
    }

    private static string Row(SettingsProperty setting, Dictionary<string, string> comments)
    {
        var name = setting.Path[(SettingsCatalog.Root.Length + 1)..];
        var given = setting.Secret ? "none (secret)" : setting.DefaultText.Length == 0 ? "none" : $"`{setting.DefaultText}`";
        var meaning = Comment(comments, $"P:{NameOf(setting.Property.DeclaringType!)}.{setting.Property.Name}");
        return $"| `{name}` | `{setting.Variable}` | {given} | {setting.Allowed["must be ".Length..]} | {Context(name, comments, setting)}{meaning} |\n";
    }

    // A nested object's own comment says what the rule is for.
    private static string Context(string name, Dictionary<string, string> comments, SettingsProperty setting)
    {
        var parts = name.Split(':');
        if (parts.Length < 3) return "";
        var key = comments.Keys.FirstOrDefault(k => k.StartsWith("P:", StringComparison.Ordinal) && k.EndsWith($"Options.{parts[^2]}", StringComparison.Ordinal)
            && k.StartsWith($"P:{setting.Property.DeclaringType!.Namespace}.", StringComparison.Ordinal));
        return key is null ? "" : comments[key] + " ";
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Comment(Dictionary<string, string> comments, string key) =>
        comments.TryGetValue(key, out var text) ? text : throw new InvalidOperationException($"{key} has no documentation comment.");
}
