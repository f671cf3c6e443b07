namespace Gatehouse.Messaging;

/// <summary>
/// Tells the pumps that there is work: in this process at once, other nodes by <see cref="NodeSignals"/>.
/// </summary>
public sealed class WorkSignal : IDisposable
{
    internal Signal Events { get; } = new();

    internal Signal Deferred { get; } = new();

    internal Signal Jobs { get; } = new();

    internal Signal Notify { get; } = new();

    /// <summary>Another node came, went, or gave partitions back.</summary>
    internal Signal Partitions { get; } = new();

    public void EventsWritten()
    {
        Events.Set();
        Notify.Set();
    }

    internal Signal Operations { get; } = new();

    internal Signal NotifyOperations { get; } = new();

    /// <summary>Who watches operations is told, on every node.</summary>
    public void OperationsChanged()
    {
        Operations.Set();
        NotifyOperations.Set();
    }

    /// <summary>Waits until operations change, somewhere, or something else asks to look.</summary>
    /// <returns>False when the time passed.</returns>
    public Task<bool> OperationsAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        Operations.IsSetAsync(longest, cancellationToken);

    /// <summary>Lets this node look at its operations.</summary>
    public void LookAtOperations() => Operations.Set();

    public void JobsWritten() => Jobs.Set();

    public void Dispose()
    {
        Events.Dispose();
        Deferred.Dispose();
        Jobs.Dispose();
        Notify.Dispose();
        Partitions.Dispose();
        Operations.Dispose();
        NotifyOperations.Dispose();
    }
}

/// <summary>Set once, wakes one waiter once; sets in between collapse.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            if (semaphore.CurrentCount == 0)
                semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else set it in the same moment.
        }
    }

    /// <summary>Waits for the signal, or until <paramref name="longest"/> has passed.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => semaphore.WaitAsync(longest, cancellationToken);

    /// <summary>The same.</summary>
    /// <returns>False when the time passed.</returns>
    public Task<bool> IsSetAsync(TimeSpan longest, CancellationToken cancellationToken) => semaphore.WaitAsync(longest, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}
