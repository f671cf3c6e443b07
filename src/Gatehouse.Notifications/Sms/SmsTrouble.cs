using Gatehouse.Notifications.Sending;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Sms;

/// <summary>Logs what only an operator can mend, once until it changes.</summary>
internal sealed partial class SmsTrouble(ILogger<SmsTrouble> logger) : SenderTrouble
{
    protected override void Log(string problem) => Misconfigured(logger, problem);

    [LoggerMessage(
        1,
        LogLevel.Error,
        "Twilio accepts no messages from Gatehouse ({Problem}). Messages to phones wait until the settings under Sms:Twilio, or those of "
            + "the account, are corrected"
    )]
    private static partial void Misconfigured(ILogger logger, string problem);
}
