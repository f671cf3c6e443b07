using System.Globalization;

namespace Gatehouse.Benchmarks;

/// <summary>The table that the bench prints: a measure beside the ceiling taken in the same run, and what bounds it.</summary>
internal sealed class Figures
{
    private static readonly string[] Head = ["Measure", "Figure", "Ceiling of the same run", "Ratio", "Goal", "Bounded by"];
    private readonly List<string[]> rows = [];
    private readonly Dictionary<string, double> rates = new(StringComparer.Ordinal);

    /// <summary>Operations a second by the name of their measure.</summary>
    public IReadOnlyDictionary<string, double> Rates => rates;

    /// <summary>Adds operations a second beside those of the ceiling.</summary>
    public void AddShare(string measure, double perSecond, string ceiling, double ceilingPerSecond, string goal, string boundBy)
    {
        rates[measure] = perSecond;
        Add(measure, Rate(perSecond), $"{Rate(ceilingPerSecond)} ({ceiling})", Share(perSecond, ceilingPerSecond), goal, boundBy);
    }

    public void Add(string measure, string figure, string ceiling, string ratio, string goal, string boundBy)
    {
        rows.Add([measure, figure, ceiling, ratio, goal, boundBy]);
        Console.Error.WriteLine($"  {measure}: {figure}");
    }

    public static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0}/s");

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    public static string Megabytes(double size) => string.Create(CultureInfo.InvariantCulture, $"{size:0} MB");

    public static string Share(double part, double whole) => string.Create(CultureInfo.InvariantCulture, $"{part / whole * 100:0} %");

    public static string Times(double part, double whole) => string.Create(CultureInfo.InvariantCulture, $"{part / whole:0.0}×");

    public void Print() => Print(Head, rows);

    public static void Print(IReadOnlyList<string> head, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, head.Count).Select(i => rows.Append([.. head]).Max(r => r[i].Length)).ToArray();
        Console.WriteLine(Line(head));
        Console.WriteLine("| " + string.Join(" | ", widths.Select(w => new string('-', w))) + " |");
        foreach (var row in rows)
            Console.WriteLine(Line(row));

        string Line(IReadOnlyList<string> row) => "| " + string.Join(" | ", row.Select((cell, i) => cell.PadRight(widths[i]))) + " |";
    }
}
