namespace Gatehouse.Development.Mailbox;

/// <summary>Tells who looks at the development inbox that a message came in. Development mode is one process, so this needs no way between
/// nodes.</summary>
internal sealed class MailboxSignal
{
    private TaskCompletionSource next = New();

    /// <summary>Ends with the next message.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Notify() => Interlocked.Exchange(ref next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
