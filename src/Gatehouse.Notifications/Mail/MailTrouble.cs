using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Mail;

/// <summary>Logs what only an operator can mend, once until it changes.</summary>
internal sealed partial class MailTrouble(ILogger<MailTrouble> logger)
{
    private string told = "";

    public SendResult Tell(SendResult result)
    {
        var problem = result.IsMisconfigured ? result.Reason : "";
        if (Interlocked.Exchange(ref told, problem) == problem || problem.Length == 0)
            return result;
        if (result.Result == SendOutcome.Refused)
            Log.Rejected(logger, problem);
        else
            Log.Misconfigured(logger, problem);
        return result;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The mail server takes nothing from this server ({Problem}): no mail goes out until the settings under Mail, "
                + "or the server's, are mended; mails wait. "
                + "'gatehouse doctor --mail ADDRESS' tries it"
        )]
        public static partial void Misconfigured(ILogger logger, string problem);

        [LoggerMessage(
            2,
            LogLevel.Error,
            "The mailer rejects this server ({Problem}): messages are not sent, and do not wait, until Mail:Http:Url, Mail:Signing:Secret "
                + "or the mailer are mended. 'gatehouse doctor --mail ADDRESS' tries it"
        )]
        public static partial void Rejected(ILogger logger, string problem);
    }
}
