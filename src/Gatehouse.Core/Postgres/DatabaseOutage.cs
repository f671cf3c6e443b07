using Microsoft.Extensions.Logging;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// Whether the databases can serve now, as this node sees it. All that meet a failure report it here, so that an outage is one line when it
/// begins, one a minute while it lasts, and one when it is over. <see cref="DatabaseWatch"/> decides when it is over.
/// </summary>
public sealed partial class DatabaseOutage(TimeProvider clock, ILogger<DatabaseOutage> logger)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinCalm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxCalm = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private bool isOn;
    private string? suspicion;
    private TimeSpan calm = MinCalm;
    private long? lastAnswer;
    private long downSince;
    private long? over;
    private long began;
    private long lastFailure;
    private long? lastLine;

    /// <summary>True from the first failure that says so until a look at both databases passed and nothing failed for a while.</summary>
    public bool IsOn
    {
        get
        {
            lock (gate)
                return isOn;
        }
    }

    /// <summary>Takes note of a failure.</summary>
    /// <returns>Whether it means "not now": then it is told here, and the caller logs nothing.</returns>
    public bool Note(Exception exception)
    {
        if (!DatabaseFailure.IsAway(exception))
            return false;
        lock (gate)
        {
            // One connection lost, or one statement that waited too long, says little of the next: the watch looks.
            if (DatabaseFailure.IsSaidByServer(exception))
                Begin(DatabaseFailure.Reason(exception));
            else if (isOn)
                Last(DatabaseFailure.Reason(exception));
            else
                suspicion = DatabaseFailure.Reason(exception);
        }

        return true;
    }

    /// <summary>How much of the last <paramref name="period"/> the databases were down.</summary>
    public TimeSpan DownWithin(TimeSpan period)
    {
        lock (gate)
        {
            if (!isOn && over is null)
                return TimeSpan.Zero;
            var sinceEnd = isOn ? TimeSpan.Zero : clock.GetElapsedTime(over!.Value);
            var sinceBegin = clock.GetElapsedTime(downSince);
            var down = (sinceBegin < period ? sinceBegin : period) - sinceEnd;
            return down > TimeSpan.Zero ? down : TimeSpan.Zero;
        }
    }

    /// <summary>A look at the databases did not pass.</summary>
    internal void Failed(string reason)
    {
        lock (gate)
            Begin(reason);
    }

    /// <summary>A look that began at <paramref name="start"/> passed at both databases.</summary>
    internal void Answered(long start)
    {
        lock (gate)
        {
            if (isOn)
                EndAfter(start);
            else if (suspicion is not null)
                Blip();
            if (isOn)
                return;
            lastAnswer = start;
            suspicion = null;
        }
    }

    private void Begin(string reason)
    {
        if (!isOn)
        {
            // What comes back at once is something that no look sees, such as a full disk: each time it takes longer to be believed.
            calm = over is { } end && clock.GetElapsedTime(end) < BetweenLines ? Shorter(calm * 2, MaxCalm) : MinCalm;
            (isOn, suspicion) = (true, null);
            began = lastFailure = clock.GetTimestamp();
            // It may have gone any time after it was last seen.
            downSince = lastAnswer ?? began;
            lastLine = began;
            Log.Began(logger, reason);
            return;
        }

        Last(reason);
    }

    private void Last(string reason)
    {
        lastFailure = clock.GetTimestamp();
        if (clock.GetElapsedTime(lastLine ?? began) < BetweenLines)
            return;
        lastLine = lastFailure;
        Log.Lasts(logger, (int)clock.GetElapsedTime(began).TotalSeconds, reason);
    }

    private void EndAfter(long start)
    {
        if (start < lastFailure || clock.GetElapsedTime(lastFailure) < calm)
            return;
        isOn = false;
        over = clock.GetTimestamp();
        lastLine = null;
        Log.Over(logger, (int)clock.GetElapsedTime(began).TotalSeconds);
    }

    private void Blip()
    {
        if (lastLine is { } line && clock.GetElapsedTime(line) < BetweenLines)
            return;
        lastLine = clock.GetTimestamp();
        Log.Blip(logger, suspicion!);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database cannot serve: {Reason}. Requests are answered 503 and work waits until it can")]
        public static partial void Began(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "The database cannot serve since {Seconds} s: {Reason}")]
        public static partial void Lasts(ILogger logger, int seconds, string reason);

        [LoggerMessage(3, LogLevel.Warning, "The database serves again, after {Seconds} s")]
        public static partial void Over(ILogger logger, int seconds);

        [LoggerMessage(
            4,
            LogLevel.Warning,
            "A connection to the database was lost, or a statement took too long: {Reason}. The database itself answers"
        )]
        public static partial void Blip(ILogger logger, string reason);
    }
}
