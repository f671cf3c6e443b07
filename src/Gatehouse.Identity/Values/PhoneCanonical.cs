using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Identity.Values;

/// <summary>
/// Which valid numbers are another spelling of one line, by <c>phone-canonical.csv</c>: its rows are tried in their order on the national
/// number, and the first that fits decides.
/// </summary>
internal static class PhoneCanonical
{
    private static readonly ILookup<int, Row> Rows = Load();

    /// <summary>Null for a number that is written in one way only.</summary>
    public static Rule? Find(int countryCode, string national) =>
        Rows[countryCode].FirstOrDefault(row => row.Pattern.IsMatch(national)) is not { } row
            ? null
            : new Rule(row.Verdict, row.Verdict < Verdict.Reject ? row.Pattern.Replace(national, row.Replacement) : null);

    private static ILookup<int, Row> Load()
    {
        using var stream = typeof(PhoneCanonical).Assembly.GetManifestResourceStream("Values/phone-canonical.csv")!;
        using var reader = new StreamReader(stream);
        // The first four columns: the reasons behind them are for readers.
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.Split(',', 5))
            .ToLookup(
                cells => int.Parse(cells[0], CultureInfo.InvariantCulture),
                cells => new Row(new Regex(cells[1], RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), cells[2], VerdictOf(cells))
            );
    }

    private static Verdict VerdictOf(string[] cells) =>
        (cells[2], cells[3]) switch
        {
            ("REJECT", _) => Verdict.Reject,
            ("ASK", _) => Verdict.Ask,
            (_, "both") => Verdict.KeyAndDelivery,
            _ => Verdict.KeyOnly,
        };

    public enum Verdict
    {
        /// <summary>Messages go to the number as it was typed.</summary>
        KeyOnly,

        /// <summary>As it was typed it reaches nobody any more.</summary>
        KeyAndDelivery,

        /// <summary>It takes no texts.</summary>
        Reject,

        /// <summary>It may be the line of two people: only its owner can say which.</summary>
        Ask,
    }

    /// <param name="Canonical">In E.164; null for what is not accepted.</param>
    internal sealed record Rule(Verdict Verdict, string? Canonical);

    private sealed record Row(Regex Pattern, string Replacement, Verdict Verdict);
}
