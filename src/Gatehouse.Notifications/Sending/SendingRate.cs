namespace Gatehouse.Notifications.Sending;

/// <summary>Spreads the hand-overs of this node evenly, so that no second has more than <paramref name="maxPerSecond"/>; 0 is no
/// limit.</summary>
internal sealed class SendingRate(int maxPerSecond, TimeProvider clock)
{
    /// <summary>Who would wait longer gives its place back: other work must not stand behind it, nor its lease end.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private long next = long.MinValue;

    /// <summary>The wait until the caller's turn. The turn is taken, unless the wait is longer than <see cref="MaxWait"/>.</summary>
    public TimeSpan Take()
    {
        if (maxPerSecond == 0)
            return TimeSpan.Zero;
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var turn = Math.Max(now, next);
            var wait = clock.GetElapsedTime(now, turn);
            if (wait <= MaxWait)
                next = turn + (clock.TimestampFrequency / maxPerSecond);
            return wait;
        }
    }
}
