using Gatehouse.Core.Results;

namespace Gatehouse.Notifications;

/// <summary>What this module rejects.</summary>
internal static class NotificationsErrors
{
    /// <summary>A report that its carrier did not sign, or not just now.</summary>
    public static readonly Error SignatureWrong = new("notifications.signature-wrong", ErrorKind.Forbidden);
}
