namespace Gatehouse.Webhooks.Sending;

/// <summary>Tells the sender of this node that there is something to send; those of other nodes look by themselves.</summary>
internal sealed class SendingSignal : IDisposable
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

    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => semaphore.WaitAsync(longest, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}
