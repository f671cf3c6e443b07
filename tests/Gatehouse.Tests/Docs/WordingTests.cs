namespace Gatehouse.Tests.Docs;

/// <summary>Texts for users and operators are written in plain English. What was replaced once must not return.</summary>
public sealed class WordingTests
{
    private static readonly string Source = Path.Combine(Repository.Root, "src");

    private static readonly IReadOnlyList<string> Retired =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "Gatehouse.Tests", "Docs", "RetiredWordings.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith('#')),
    ];

    // Texts of pages and errors, mails, commands, and the documents that are read without the code.
    private static IReadOnlyList<string> Files =>
        [
            "README.md",
            "docs/settings.md",
            "docs/events.md",
            "docs/openapi.v1.json",
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "errors"), "*.md").Select(Relative),
            .. Sources("en.json", "Texts"),
            .. Sources("*Command.cs", "Commands"),
            .. Sources("*.en.mail.*"),
        ];

    public static TheoryData<string> Texts => [.. Files];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Visible_texts_contain_no_retired_wording(string file)
    {
        // Line breaks in prose are not part of the wording.
        var words = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, file))).Split(
            (char[]?)null,
            StringSplitOptions.RemoveEmptyEntries
        );
        var text = string.Join(' ', words);
        Assert.All(Retired, wording => Assert.DoesNotContain(wording, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_kind_of_text_is_checked()
    {
        Assert.Contains("src/Gatehouse.Identity/Texts/en.json", Files);
        Assert.Contains("src/Gatehouse.Server/Commands/UserCommand.cs", Files);
        Assert.Contains("docs/errors/identity.code-wrong.md", Files);
        Assert.Contains(Files, file => file.EndsWith("registration-code.en.mail.html", StringComparison.Ordinal));
        Assert.NotEmpty(Retired);
    }

    private static IEnumerable<string> Sources(string pattern, string? folder = null) =>
        Directory
            .EnumerateFiles(Source, pattern, SearchOption.AllDirectories)
            .Where(file => folder is null || Path.GetFileName(Path.GetDirectoryName(file)) == folder)
            .Select(Relative)
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"));

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
}
