using System.Diagnostics.Metrics;

namespace Gatehouse.Notifications;

/// <summary>What operators watch of outgoing messages.</summary>
internal sealed class NotificationsMetrics : IDisposable
{
    public const string MeterName = "Gatehouse.Notifications";

    private readonly Meter meter;
    private readonly Counter<long> sent;
    private readonly Counter<long> notSent;
    private readonly Counter<long> reported;
    private readonly Counter<long> limited;

    public NotificationsMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        sent = meter.CreateCounter<long>(
            "gatehouse.notifications.sent",
            "{message}",
            "Messages a sender accepted, by sender and template."
        );
        notSent = meter.CreateCounter<long>(
            "gatehouse.notifications.failed",
            "{message}",
            "Messages that will not be sent, by reason and template."
        );
        reported = meter.CreateCounter<long>(
            "gatehouse.notifications.reported",
            "{report}",
            "Reports of a provider about accepted messages, by event."
        );
        limited = meter.CreateCounter<long>(
            "gatehouse.notifications.limited",
            "{message}",
            "Messages to phones beyond the limit of their country, by country."
        );
    }

    public void Sent(string sender, string template) =>
        sent.Add(1, new KeyValuePair<string, object?>("sender", sender), new KeyValuePair<string, object?>("template", template));

    public void NotSent(string reason, string template) =>
        notSent.Add(1, new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("template", template));

    public void Reported(string report) => reported.Add(1, new KeyValuePair<string, object?>("event", report));

    public void Limited(string country) => limited.Add(1, new KeyValuePair<string, object?>("country", country));

    public void Dispose() => meter.Dispose();
}
