using System.Globalization;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// How far this node's clock is from the database's, which all nodes share. A node that is too far off would end what others began: it
/// serves nothing and runs nothing until its clock is right.
/// </summary>
/// <param name="clock">The clock of the node. Tests that move theirs on purpose give one that stays right.</param>
public sealed class ClockSkew(TimeProvider clock)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private TaskCompletionSource right = Completed();

    /// <summary>By the last measurement; positive when the node is ahead.</summary>
    public TimeSpan Current { get; private set; }

    public bool IsTooLarge => !right.Task.IsCompleted;

    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the clock is {Current.Duration().TotalSeconds:0} s {(Current > TimeSpan.Zero ? "ahead of" : "behind")} the database's"
        );

    /// <summary>Measures by a question to the database that was asked at <paramref name="asked"/> (a timestamp) and has just been
    /// answered.</summary>
    internal void Measure(DateTimeOffset databaseTime, long asked)
    {
        // The answer was made at some time of the question's way; the doubt goes to the node.
        var way = clock.GetElapsedTime(asked);
        var ahead = clock.GetUtcNow() - databaseTime;
        var skew =
            ahead < TimeSpan.Zero ? ahead
            : ahead < way ? TimeSpan.Zero
            : ahead - way;
        lock (gate)
        {
            Current = skew;
            if (skew.Duration() > Limit == IsTooLarge)
                return;
            if (IsTooLarge)
                right.SetResult();
            else
                right = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task MeasureAsync(DataSources sources, CancellationToken cancellationToken) =>
        sources.Main.QueryAsync(
            async db =>
            {
                var asked = Ask();
                Measure(await db.SingleAsync<DateTimeOffset>("select clock_timestamp()"), asked);
                return true;
            },
            cancellationToken
        );

    /// <summary>The timestamp to measure from.</summary>
    internal long Ask() => clock.GetTimestamp();

    internal Task WaitUntilRightAsync(CancellationToken cancellationToken) => right.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}

/// <summary>The node's clock is too far from the database's to begin anything.</summary>
public sealed class ClockSkewException(string message) : Exception(message);
