using System.Text.RegularExpressions;

namespace Gatehouse.Tests.Docs;

/// <summary>The code that docs/integrating.md shows is that of the sample service and of applications with a stock library, which other
/// tests run; README.md shows a part of it.</summary>
public sealed partial class IntegratingDocumentTests
{
    private const string Page = "docs/integrating.md";
    private const string Begin = "docs: begin ";
    private const string End = "docs: end";
    private static readonly char[] Marks = ['/', '<', '!', '-', '>', ' '];

    [Fact]
    public async Task Its_code_is_the_sample_services()
    {
        var parts = Parts();
        var (written, shown) = await WithSamplesAsync(Page, parts);
        Assert.Equal(parts.Keys.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.Equal(shown.Count, Count(written, "csharp") + Count(written, "js") + Count(written, "html"));
        await Repository.ExpectAsync(Page, written);
    }

    [Fact]
    public async Task The_first_screen_of_the_readme_shows_a_part_of_it()
    {
        var (written, shown) = await WithSamplesAsync("README.md", Parts());
        Assert.Single(shown);
        Assert.InRange(written[..written.IndexOf("<!-- sample:", StringComparison.Ordinal)].Count(c => c == '\n'), 1, 30);
        await Repository.ExpectAsync("README.md", written);
    }

    private static async Task<(string Text, HashSet<string> Shown)> WithSamplesAsync(string page, Dictionary<string, string> parts)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var text = Block.Replace(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, page)),
            block =>
            {
                var name = block.Groups[1].Value;
                shown.Add(name);
                return $"<!-- sample: {name} -->\n```{block.Groups[2].Value}\n{parts[name]}```\n";
            }
        );
        return (text, shown);
    }

    private static int Count(string text, string language) => text.Split("```" + language + "\n").Length - 1;

    /// <summary>What stands between the marks, without its indentation; parts of one name belong together.</summary>
    private static Dictionary<string, string> Parts()
    {
        var parts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var tests = Path.Combine(Repository.Root, "tests");
        var service = Directory.EnumerateFiles(Path.Combine(tests, "Gatehouse.SampleService"), "*.cs").Order(StringComparer.Ordinal);
        var foreign = Path.Combine(tests, "Gatehouse.SystemTests", "Foreign");
        var applications = Directory.EnumerateFiles(Path.Combine(foreign, "Browser")).Order(StringComparer.Ordinal);
        foreach (
            var file in service
                .Concat(applications)
                .Append(Path.Combine(foreign, "applications.mjs"))
                .Append(Path.Combine(foreign, "machine.mjs"))
        )
        {
            List<string>? part = null;
            foreach (var line in File.ReadLines(file))
            {
                var mark = line.Trim(Marks);
                if (mark.StartsWith(Begin, StringComparison.Ordinal))
                {
                    var name = mark[Begin.Length..];
                    if (!parts.TryGetValue(name, out part))
                        parts.Add(name, part = []);
                }
                else if (mark == End)
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

    [GeneratedRegex(
        @"<!-- sample: ([\w-]+) -->\n```(csharp|js|html)\n.*?```\n",
        RegexOptions.CultureInvariant | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Block { get; }
}
