namespace Gatehouse.Runtime.Messaging;

/// <summary>Opens when the schema is verified, the keys are loaded and the log is open; until then nothing touches the database.</summary>
public sealed class Ready
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => opened.Task.IsCompletedSuccessfully;

    public Task WaitAsync(CancellationToken cancellationToken) => opened.Task.WaitAsync(cancellationToken);

    internal void Open() => opened.TrySetResult();
}
