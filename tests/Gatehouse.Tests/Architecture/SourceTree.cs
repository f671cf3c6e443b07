using System.Reflection;
using System.Xml.Linq;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Architecture;

/// <summary>The source tree, the projects and their assemblies.</summary>
internal static class SourceTree
{
    public static IReadOnlyList<string> Modules { get; } =
    [
        "Gatehouse.Audit",
        "Gatehouse.Identity",
        "Gatehouse.Notifications",
        "Gatehouse.OpenId",
        "Gatehouse.Organizations",
        "Gatehouse.Webhooks",
    ];

    public static IReadOnlyList<Assembly> ModuleAssemblies { get; } = [.. Modules.Select(Assembly.Load)];

    /// <summary>Every source file of src/, by its path from there.</summary>
    public static IEnumerable<(string Path, string Text)> Sources() => Files("*.cs");

    public static IEnumerable<(string Path, string Text)> Pages() => Files("*.razor");

    private static IEnumerable<(string Path, string Text)> Files(string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), pattern, SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file), File.ReadAllText(file)))
            .Where(f => !f.Item1.Contains("/obj/", StringComparison.Ordinal) && !f.Item1.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>What a project of src/ refers to: names of projects or of packages.</summary>
    public static IReadOnlyList<string> References(string project, string kind) =>
        [
            .. XDocument
                .Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
                .Descendants(kind)
                .Select(r =>
                    Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')) is var name
                    && kind == "ProjectReference"
                        ? name
                        : r.Attribute("Include")!.Value
                ),
        ];

    public static IReadOnlyList<string> Projects() =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "src"))
                .Select(d => Path.GetFileName(d)!)
                .Order(StringComparer.Ordinal),
        ];
}
