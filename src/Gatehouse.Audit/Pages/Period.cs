namespace Gatehouse.Audit;

/// <summary>A stretch of time that is asked for by name and ends now, or did so this morning. Days are those of UTC.</summary>
internal static class Period
{
    public const string Hour = "hour";
    public const string Night = "night";
    public const string Yesterday = "yesterday";
    public const string Day = "day";
    public const string Week = "week";

    private const int Evening = 18;
    private const int Morning = 8;

    public static IReadOnlyList<string> All { get; } = [Hour, Night, Yesterday, Day, Week];

    /// <returns>When it begins and, where it does not last until now, when it ended; null for an unknown name.</returns>
    public static (DateTimeOffset From, DateTimeOffset? To)? Of(string name, DateTimeOffset now) =>
        name switch
        {
            Hour => (now.AddHours(-1), null),
            Night => LastNight(now),
            Yesterday => (Midnight(now).AddDays(-1), Midnight(now)),
            Day => (now.AddDays(-1), null),
            Week => (now.AddDays(-7), null),
            _ => null,
        };

    /// <summary>From yesterday evening to this morning, which may be yet to come.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) LastNight(DateTimeOffset now)
    {
        var today = Midnight(now);
        return (today.AddDays(-1).AddHours(Evening), today.AddHours(Morning));
    }

    private static DateTimeOffset Midnight(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}
