using Gatehouse.Core.Postgres;

namespace Gatehouse.Core.Startup;

/// <summary>
/// Opens when the schema is verified, the keys are loaded and the log is open; until then nothing touches the database. Closes again while
/// the node's clock is wrong: whatever works waits here before each round.
/// </summary>
public sealed class ReadinessGate(ClockSkew skew)
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => IsStarted && !skew.IsTooLarge;

    /// <summary>Whether the start has completed, whatever the clock says now.</summary>
    public bool IsStarted => opened.Task.IsCompletedSuccessfully;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await opened.Task.WaitAsync(cancellationToken);
        await skew.WaitUntilRightAsync(cancellationToken);
    }

    internal void Open() => opened.TrySetResult();
}
