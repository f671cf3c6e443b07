namespace Gatehouse.Webhooks.Sending;

/// <summary>When a delivery that failed is tried again: soon at first, then every hour, until it is given up.</summary>
internal static class RetryTimes
{
    /// <summary>None is given up before: the installation itself may have been away for the time in between.</summary>
    public const int LeastAttempts = 8;

    private static readonly TimeSpan Hourly = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] First =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
    ];

    /// <param name="attempts">Made so far, from 1.</param>
    /// <param name="jitter">From -1 to 1: deliveries that failed together do not all come again together.</param>
    public static TimeSpan After(int attempts, double jitter) =>
        (attempts <= First.Length ? First[attempts - 1] : Hourly) * (1 + (jitter * 0.1));

    public static bool IsLast(int attempts, TimeSpan sinceFirst, TimeSpan patience) => attempts >= LeastAttempts && sinceFirst >= patience;
}
