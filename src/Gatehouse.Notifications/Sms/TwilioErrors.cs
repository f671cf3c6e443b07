using Gatehouse.Notifications.Sending;

namespace Gatehouse.Notifications.Sms;

/// <summary>
/// What Twilio's error codes mean for a message (https://www.twilio.com/docs/api/errors), when it answers a request and when it reports
/// later. Codes that are not listed are about the one message: it is not sent again.
/// </summary>
internal static class TwilioErrors
{
    /// <summary>The owner of the number answered STOP.</summary>
    public const int Unsubscribed = 21610;

    // The sender, the messaging service, the address of the callback or the template: every other message would be rejected, too.
    private static readonly HashSet<int> OfSettings =
    [
        20003, // no valid account or token
        20404, // no such account
        21212, // From is no number
        21603, // From is required
        21606, // From cannot send
        21607, // From is not of the account
        21609, // the callback's address is invalid
        21659, // From is no number of Twilio's
        21660, // From is not of this account
        21701, // no such messaging service
        21702, // the service has no senders
        21703, // the service has no sender for this
        21705, // the service's SID is invalid
        63007, // no WhatsApp sender with this From
    ];

    // The queue of the sender is full.
    private static readonly HashSet<int> Passing = [20429, 21611, 14107];

    private static readonly HashSet<int> OfDeadNumbers = [21211, 21214, 21217, 21614, 30005, 30006, 63003, 63024];

    private static readonly HashSet<int> OfFilters = [30004, 30007, 30032, 30034, 63016, 63018];

    /// <summary>What a rejected request means.</summary>
    public static SendResult Evaluate(int code)
    {
        var reason = $"twilio {code}";
        return code switch
        {
            Unsubscribed => SendResult.Unsubscribed(reason),
            _ when OfSettings.Contains(code) => SendResult.Misconfigured(reason),
            _ when Passing.Contains(code) => new SendResult(SendOutcome.TryAgain, reason),
            _ => new SendResult(SendOutcome.Refused, reason),
        };
    }

    /// <summary>The reason of <c>notification.failed.v1</c> when an accepted message was not delivered.</summary>
    /// <param name="isSent">Whether it had left Twilio.</param>
    public static string ReasonOf(int code, bool isSent) =>
        code == Unsubscribed ? SendResult.UnsubscribedReason
        : OfDeadNumbers.Contains(code) ? "bounced"
        : OfFilters.Contains(code) ? "blocked"
        : isSent ? "undelivered"
        : "dropped";
}
