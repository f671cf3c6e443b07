using Gatehouse.Core.Hosting;

namespace Gatehouse.Notifications.Mail;

/// <summary>Shows operators the result of this node's last attempt to send; an unavailable provider or a rejected key shows here.</summary>
internal sealed class MailHealth : IHealthDetail
{
    private volatile string? trouble;

    public void Note(SendResult handOver) =>
        trouble = handOver.Result == SendOutcome.TryAgain || handOver.IsMisconfigured ? handOver.Reason : null;

    public DependencyHealth Look() => new("mail", trouble is null, 0, trouble);
}
