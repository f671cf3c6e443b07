using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gatehouse.Tests.Docs;

/// <summary>Pages that are written from the code, and the compilers' documentation files they are written from.</summary>
internal static partial class Repository
{
    /// <summary>Compares the stored page with the written one; with WRITE_DOCS=1 stores it.</summary>
    public static async Task ExpectAsync(string path, string written)
    {
        var file = Path.Combine([Root, .. path.Split('/')]);
        var stored = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            await File.WriteAllTextAsync(file, written);
        else
            Assert.True(written == stored, $"{path} is stale: run the tests once with WRITE_DOCS=1 and commit it.");
    }

    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }

    /// <summary>The summaries of an assembly by member, such as <c>P:Namespace.Type.Name</c>, as one line of Markdown.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Comments(Assembly assembly)
    {
        var document = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        // Every assembly with endpoints carries the same generated helpers of the framework.
        foreach (
            var member in document
                .Descendants("member")
                .Where(m => !m.Attribute("name")!.Value.Contains(".Generated.", StringComparison.Ordinal))
        )
        {
            if (member.Element("summary") is { } summary)
                yield return new(member.Attribute("name")!.Value, Line(summary));
            foreach (var parameter in member.Elements("param"))
                yield return new($"{member.Attribute("name")!.Value}/{parameter.Attribute("name")!.Value}", Line(parameter));
        }
    }

    private static string Line(XElement element)
    {
        foreach (var see in element.Descendants("see").ToList())
            see.ReplaceWith(see.Attribute("cref")?.Value.Split('.')[^1] ?? "");
        foreach (var name in element.Descendants("paramref").ToList())
            name.ReplaceWith(name.Attribute("name")!.Value);
        foreach (var code in element.Descendants("c").ToList())
            code.ReplaceWith($"`{code.Value}`");
        return Space.Replace(element.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space { get; }
}
