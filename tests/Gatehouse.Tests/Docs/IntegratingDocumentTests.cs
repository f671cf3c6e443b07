using System.Text.RegularExpressions;

namespace Gatehouse.Tests.Docs;

/// <summary>The code that docs/integrating.md shows is that of the sample service and of an application with a stock library, which other
/// tests run.</summary>
public sealed partial class IntegratingDocumentTests
{
    private const string Page = "docs/integrating.md";
    private const string Begin = "// docs: begin ";
    private const string End = "// docs: end";

    [Fact]
    public async Task Its_code_is_the_sample_services()
    {
        var parts = Parts();
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, Page));
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var written = Block.Replace(
            text,
            block =>
            {
                var name = block.Groups[1].Value;
                shown.Add(name);
                return $"<!-- sample: {name} -->\n```{block.Groups[2].Value}\n{parts[name]}```\n";
            }
        );
        Assert.Equal(parts.Keys.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.Equal(shown.Count, written.Split("```csharp").Length + written.Split("```js").Length - 2);
        await Repository.ExpectAsync(Page, written);
    }

    /// <summary>What stands between the marks, without its indentation; parts of one name belong together.</summary>
    private static Dictionary<string, string> Parts()
    {
        var parts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var tests = Path.Combine(Repository.Root, "tests");
        var service = Directory.EnumerateFiles(Path.Combine(tests, "Gatehouse.SampleService"), "*.cs").Order(StringComparer.Ordinal);
        foreach (var file in service.Append(Path.Combine(tests, "Gatehouse.SystemTests", "Foreign", "applications.mjs")))
        {
            List<string>? part = null;
            foreach (var line in File.ReadLines(file))
            {
                if (line.TrimStart().StartsWith(Begin, StringComparison.Ordinal))
                {
                    var name = line.Trim()[Begin.Length..];
                    if (!parts.TryGetValue(name, out part))
                        parts.Add(name, part = []);
                }
                else if (line.Trim() == End)
                {
                    part = null;
                }
                else
                {
                    part?.Add(line);
                }
            }
        }

        return parts.ToDictionary(p => p.Key, p => Text(p.Value), StringComparer.Ordinal);
    }

    private static string Text(List<string> lines)
    {
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line)).Trim('\n') + "\n";
    }

    [GeneratedRegex(@"<!-- sample: ([\w-]+) -->\n```(csharp|js)\n.*?```\n", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Block { get; }
}
