using Gatehouse.Core.Configuration;

namespace Gatehouse.Server.Hosting;

/// <summary>What the command line says.</summary>
/// <param name="Settings">Settings by their name below <c>Gatehouse:</c>; they win over the environment.</param>
internal sealed record LaunchSettings(bool Development, string DataFolder, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>Standard output belongs to what a command answers; logs, from warnings on, go to standard error.</summary>
    public bool OutputIsAnswer { get; init; }

    /// <summary>The settings by their full names.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Rooted() => Rooted(Settings);

    public static IEnumerable<KeyValuePair<string, string?>> Rooted(IReadOnlyDictionary<string, string?> settings) =>
        settings.Select(s => KeyValuePair.Create($"{SettingsCatalog.Root}:{s.Key}", s.Value));
}
