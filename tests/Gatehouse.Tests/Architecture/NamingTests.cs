using System.Text.RegularExpressions;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Architecture;

/// <summary>Names and lines as the glossary and the editor's settings want them.</summary>
public sealed class NamingTests
{
    private const int Columns = 140;

    private static readonly string[] Folders = ["src", "tests"];

    // Names of concepts that have another one now; a type, or a member of one, must not bring them back.
    private static readonly Regex Retired = new(
        """
        ^(Faults|FieldFault|RequestFaults|IPersonKeys|ICarrier|Refuses|Sql|Tx|UseAsync|TransactAsync|Lanes?|LogPump|RetryPump|CarryAsync|Inbox|Parked|Settled|Wake
        |IBeforeReady|NotBeforeReady|Preparation|DevelopmentGround|BeginProtection|StartUp|StartFailure|StartupFault|SealedBox|MessageSeal|HandOver|MailPace
        |InboxNews|HashingGate|Monotony|SettlePersonKeys|KeepSigningKeys|SignInFirst|FormCheck|Moment|Caller|Person|People|Place
        |Typed[A-Z].*|(Most|Longest|Shortest|Judge|FreeFailures|TracedShare)([A-Z].*)?)(Async)?$
        """.ReplaceLineEndings(""),
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1)
    );

    private static readonly Regex Declared = new(
        @"\b(?:class|record|struct|interface|enum|record struct)\s+([A-Z]\w*)|\b[\w<>\[\]?,. ]+\s([A-Z]\w*)\s*(?:\(|\{\s*get|=>|=[^=>])",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(5)
    );

    [Fact]
    public void Types_and_members_have_none_of_the_retired_names()
    {
        var found = SourceTree
            .Sources()
            .Concat(SourceTree.Pages())
            .SelectMany(file =>
                file.Text.Split('\n')
                    .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                    .SelectMany(line => Declared.Matches(line))
                    .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
                    .Where(name => Retired.IsMatch(name))
                    .Select(name => $"{file.Path}: {name}")
            );

        Assert.Equal([], found.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Lines of before that are longer stay until their file is touched; none may be added. WRITE_DOCS=1 writes the list anew
    /// where it got shorter.</summary>
    [Fact]
    public void No_file_gets_more_lines_over_140_columns()
    {
        var list = Path.Combine(Repository.Root, "tests", "Gatehouse.Tests", "Architecture", "LongLines.txt");
        var allowed = File.ReadAllLines(list)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[1], parts => int.Parse(parts[0], null), StringComparer.Ordinal);
        var found = Files()
            .Select(file => (file.Path, Count: file.Text.Split('\n').Count(line => line.Length > Columns)))
            .Where(file => file.Count > 0)
            .ToList();

        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1" && found.Sum(file => file.Count) <= allowed.Values.Sum())
            File.WriteAllLines(list, found.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Count} {file.Path}"));
        else
            Assert.Equal(
                [],
                found.Where(file => file.Count > allowed.GetValueOrDefault(file.Path)).Select(file => $"{file.Path}: {file.Count}")
            );
    }

    private static IEnumerable<(string Path, string Text)> Files() =>
        Folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
            .Where(file =>
                Path.GetExtension(file) is ".cs" or ".razor"
                && !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
            )
            .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)));
}
