using Gatehouse.Core.Hosting;

namespace Gatehouse.Notifications.Mail;

/// <summary>Tells operators how this node's last hand-over ended; a carrier that is away, or rejects our key, shows here.</summary>
internal sealed class MailHealth : IHealthDetail
{
    private volatile string? trouble;

    public void Note(SendResult handOver) => trouble = handOver.Result == SendOutcome.TryAgain ? handOver.Reason : null;

    public DependencyHealth Look() => new("mail", trouble is null, 0, trouble);
}
