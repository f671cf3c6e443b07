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
    public const string UnsubscribedReason = "unsubscribed";

    public static readonly SendResult Limited = new(SendOutcome.Refused, "limit of the country") { FailedAs = "limited" };

    /// <summary>The reason of <c>notification.failed.v1</c>, if it is refused.</summary>
    public string FailedAs { get; init; } = "refused";

    /// <summary>Whether reports will say that it was delivered; acceptance is no outcome then.</summary>
    public bool IsReportedLater { get; init; }

    public static SendResult Misconfigured(string reason) => new(SendOutcome.TryAgain, reason, IsMisconfigured: true);

    /// <summary>The owner of the address wants nothing of us.</summary>
    public static SendResult Unsubscribed(string reason) => new(SendOutcome.Refused, reason) { FailedAs = UnsubscribedReason };
}
