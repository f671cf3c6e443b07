namespace Gatehouse.Server.Hosting;

/// <summary>What the command line says.</summary>
/// <param name="Settings">Settings by their name below <c>Gatehouse:</c>; they win over the environment.</param>
internal sealed record LaunchSettings(bool Development, string DataFolder, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>Standard output belongs to what a command answers; logs, from warnings on, go to standard error.</summary>
    public bool OutputIsAnswer { get; init; }
}
