using System.Diagnostics.Metrics;

namespace Gatehouse.Messaging;

/// <summary>What operators watch of delivery. Levels that only the database knows (oldest unsent, dead letters) come from
/// <c>BacklogGauges</c>.</summary>
public sealed class MessagingMetrics : IDisposable
{
    public const string MeterName = "Gatehouse.Messaging";

    private readonly Meter meter;
    private readonly Counter<long> carried;
    private readonly Histogram<double> delay;
    private readonly Counter<long> delivered;
    private readonly Counter<long> retried;
    private readonly Counter<long> dead;
    private readonly Counter<long> jobs;
    private int partitions;

    public MessagingMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        carried = meter.CreateCounter<long>("gatehouse.events.carried", "{event}", "Events handed to the transport.");
        delay = meter.CreateHistogram(
            "gatehouse.events.delay",
            "s",
            "From the change to the hand-over of its event.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300],
            }
        );
        delivered = meter.CreateCounter<long>("gatehouse.deliveries.done", "{delivery}", "Events taken by a subscriber.");
        retried = meter.CreateCounter<long>(
            "gatehouse.deliveries.retried",
            "{delivery}",
            "Deliveries that failed and will be tried again."
        );
        dead = meter.CreateCounter<long>("gatehouse.deliveries.dead", "{delivery}", "Deliveries that became dead letters.");
        jobs = meter.CreateCounter<long>("gatehouse.jobs", "{job}", "Runs of durable jobs by kind and result.");
        meter.CreateObservableGauge(
            "gatehouse.partitions.held",
            () => partitions,
            "{partition}",
            "Partitions of the event log this node owns."
        );
    }

    public void PartitionsHeld(int count) => partitions = count;

    public void Sent(int count, TimeSpan age)
    {
        carried.Add(count);
        delay.Record(age.TotalSeconds);
    }

    public void Delivered(string subscriber) => delivered.Add(1, new KeyValuePair<string, object?>("subscriber", subscriber));

    public void Retried(string subscriber) => retried.Add(1, new KeyValuePair<string, object?>("subscriber", subscriber));

    public void DeadLettered(string subscriber) => dead.Add(1, new KeyValuePair<string, object?>("subscriber", subscriber));

    public void JobRan(string kind, string result) =>
        jobs.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
