using System.Globalization;

namespace Gatehouse.Benchmarks;

/// <summary>The table that the bench prints: a measure beside the ceiling taken in the same run, and what bounds it.</summary>
internal sealed class Figures
{
    private static readonly string[] Head = ["Measure", "Figure", "Ceiling of the same run", "Ratio", "Goal", "Bounded by"];
    private readonly List<string[]> rows = [];

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

    public void Print()
    {
        var widths = Enumerable.Range(0, Head.Length).Select(i => rows.Append(Head).Max(r => r[i].Length)).ToArray();
        Console.WriteLine(Line(Head));
        Console.WriteLine("| " + string.Join(" | ", widths.Select(w => new string('-', w))) + " |");
        foreach (var row in rows)
            Console.WriteLine(Line(row));

        string Line(string[] row) => "| " + string.Join(" | ", row.Select((cell, i) => cell.PadRight(widths[i]))) + " |";
    }
}
