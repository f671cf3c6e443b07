namespace Gatehouse.Core.Configuration;

/// <summary>Finds the setting that a mistyped name was meant to be.</summary>
internal static class SettingsNames
{
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        var (best, distance) = known
            .Select(candidate => (candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .DefaultIfEmpty((candidate: "", Distance: int.MaxValue))
            .MinBy(pair => pair.Distance);
        return distance <= Math.Max(2, (name.Length - SettingsCatalog.Root.Length) / 3) ? best : null;
    }

    // Levenshtein with one row.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
