namespace Gatehouse.Notifications.Sending;

internal enum SendOutcome
{
    Accepted,
    TryAgain,
    Refused,
}

/// <param name="Reason">Stored and logged: a status, never an address or a server's own words.</param>
/// <param name="NotBefore">How long the far side asked to be left alone.</param>
/// <param name="IsMisconfigured">Whether only an operator can mend it: the far side rejects us, not a message.</param>
internal readonly record struct SendResult(
    SendOutcome Result,
    string Reason = "",
    TimeSpan NotBefore = default,
    bool IsMisconfigured = false
)
{
    public static SendResult Misconfigured(string reason) => new(SendOutcome.TryAgain, reason, IsMisconfigured: true);
}
