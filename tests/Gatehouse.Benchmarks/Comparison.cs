using System.Globalization;

namespace Gatehouse.Benchmarks;

/// <summary>
/// Two builds measured in turn, each on databases of its own in the same cluster, so that both meet the same machine: the figure that
/// counts is the ratio within a round. Who goes first changes from round to round.
/// </summary>
/// <param name="baseline">Measures the other build.</param>
/// <param name="current">Measures this one.</param>
internal sealed class Comparison(
    Func<Task<IReadOnlyDictionary<string, double>>> baseline,
    Func<Task<IReadOnlyDictionary<string, double>>> current
)
{
    private static readonly string[] Head = ["Measure (medians)", "Baseline", "This build", "Factor", "Factor of each round"];

    public async Task RunAsync(int rounds)
    {
        var (before, after) = (new List<IReadOnlyDictionary<string, double>>(), new List<IReadOnlyDictionary<string, double>>());
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
                before.Add(await baseline());
            after.Add(await current());
            if (round % 2 == 1)
                before.Add(await baseline());
        }

        Figures.Print(Head, [.. after[0].Keys.Where(before[0].ContainsKey).Select(measure => Row(measure, before, after))]);
    }

    private static string[] Row(
        string measure,
        List<IReadOnlyDictionary<string, double>> before,
        List<IReadOnlyDictionary<string, double>> after
    )
    {
        var factors = before.Zip(after, (b, a) => a[measure] / b[measure]).ToList();
        return
        [
            measure,
            Number(Statistics.Median(before.Select(round => round[measure]))),
            Number(Statistics.Median(after.Select(round => round[measure]))),
            Factor(Statistics.Median(factors)),
            string.Join(", ", factors.Select(Factor)),
        ];
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Factor(double factor) => factor.ToString("0.00", CultureInfo.InvariantCulture) + "×";
}
