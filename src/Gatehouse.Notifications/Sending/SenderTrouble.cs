namespace Gatehouse.Notifications.Sending;

/// <summary>Tells what only an operator can mend, once until it changes.</summary>
internal abstract class SenderTrouble
{
    private string told = "";

    public SendResult Tell(SendResult result)
    {
        var problem = result.IsMisconfigured ? result.Reason : "";
        if (Interlocked.Exchange(ref told, problem) != problem && problem.Length > 0)
            Log(problem);
        return result;
    }

    protected abstract void Log(string problem);
}
