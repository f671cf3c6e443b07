namespace Gatehouse.Server.Hosting;

/// <summary>What the command line says.</summary>
/// <param name="Settings">Settings by their name below <c>Gatehouse:</c>; they win over the environment.</param>
internal sealed record LaunchSettings(bool Development, string DataFolder, IReadOnlyDictionary<string, string?> Settings);
