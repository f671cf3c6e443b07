using Gatehouse.Notifications.Sending;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Mail;

/// <summary>Logs what only an operator can mend, once until it changes.</summary>
internal sealed partial class MailTrouble(ILogger<MailTrouble> logger) : SenderTrouble
{
    protected override void Log(string problem) => Misconfigured(logger, problem);

    [LoggerMessage(
        1,
        LogLevel.Error,
        "The mail server or mailer accepts nothing from Gatehouse ({Problem}). Mails wait until the settings under Mail, or those of "
            + "the other side, are corrected. 'gatehouse doctor --mail ADDRESS' sends a test mail"
    )]
    private static partial void Misconfigured(ILogger logger, string problem);
}
