using Gatehouse.Core.Results;

namespace Gatehouse.Notifications;

/// <summary>What this module rejects.</summary>
internal static class NotificationsErrors
{
    /// <summary>A report without a valid, recent signature of the provider.</summary>
    public static readonly Error SignatureWrong = new("notifications.signature-wrong", ErrorKind.Forbidden);
}
