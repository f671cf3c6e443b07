using System.Text.RegularExpressions;
using Gatehouse.Tests.Architecture;

namespace Gatehouse.Tests.Docs;

/// <summary>docs/metrics.md is written by hand; its names are compared with those that the code makes.</summary>
public partial class MetricsDocumentTests
{
    [Fact]
    public async Task Every_metric_is_documented_and_no_other()
    {
        var made = SourceTree.Sources().SelectMany(file => Made().Matches(file.Text)).Select(match => match.Groups[1].Value);
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"));
        var documented = Documented().Matches(page).Select(match => match.Groups[1].Value);

        Assert.Equal(made.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(
        """(?:CreateCounter<\w+>|CreateHistogram|CreateObservableGauge|Gauge)(?:\(| =)\s*"(gatehouse\.[^"]+)""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Made();

    [GeneratedRegex(@"^\| `(gatehouse\.[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Documented();
}
