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
        ^(Faults|FieldFault|RequestFaults|IPersonKeys|ICarrier|Refuses|Sql|Tx|UseAsync|TransactAsync|Lanes?|LogPump|RetryPump|CarryAsync
        |Inbox|Parked|Settled|Wake|IBeforeReady|NotBeforeReady|Preparation|DevelopmentGround|BeginProtection|StartUp|StartFailure
        |StartupFault|SealedBox|MessageSeal|HandOver|MailPace|InboxNews|HashingGate|Monotony|SettlePersonKeys|KeepSigningKeys|SignInFirst
        |FormCheck|Moment|Caller|Person|People|Place|Typed[A-Z].*|(Most|Longest|Shortest|Judge|FreeFailures
        |TracedShare)([A-Z].*)?)(Async)?$
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

    [Fact]
    public void No_line_is_over_140_columns()
    {
        var found =
            from file in Files()
            from line in file.Text.Split('\n').Index()
            where line.Item.Length > Columns
            select $"{file.Path}:{line.Index + 1}";

        Assert.Equal([], found);
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
