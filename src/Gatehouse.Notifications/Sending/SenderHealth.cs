using Gatehouse.Core.Hosting;

namespace Gatehouse.Notifications.Sending;

/// <summary>Shows operators the result of this node's last attempt to send; an unavailable provider or a rejected key shows here.</summary>
/// <param name="name">What it is called in <c>/health</c>, such as <c>mail</c>.</param>
internal class SenderHealth(string name) : IHealthDetail
{
    private volatile string? trouble;

    public void Note(SendResult handOver) =>
        trouble = handOver.Result == SendOutcome.TryAgain || handOver.IsMisconfigured ? handOver.Reason : null;

    public DependencyHealth Look() => new(name, trouble is null, 0, trouble);
}
