using System.Diagnostics.Metrics;

namespace Gatehouse.Webhooks.Sending;

/// <summary>What operators watch of deliveries. What waits for one, only the database knows: see <see cref="WebhookBacklog"/>.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    public const string MeterName = "Gatehouse.Webhooks";

    private const string ResultLabel = "result";

    private readonly Meter meter;
    private readonly Counter<long> attempts;
    private readonly Counter<long> givenUp;
    private readonly Histogram<double> duration;

    public WebhookMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        attempts = meter.CreateCounter<long>("gatehouse.webhooks.attempts", "{attempt}", "Attempts to deliver an event, by result.");
        givenUp = meter.CreateCounter<long>("gatehouse.webhooks.given_up", "{delivery}", "Deliveries given up.");
        duration = meter.CreateHistogram(
            "gatehouse.webhooks.duration",
            "s",
            "How long an attempt took, by result.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] }
        );
    }

    public void Tried(PostResult result)
    {
        var label = new KeyValuePair<string, object?>(ResultLabel, result.Error ?? "delivered");
        attempts.Add(1, label);
        duration.Record(result.Duration.TotalSeconds, label);
    }

    public void GivenUp(int count) => givenUp.Add(count);

    public void Dispose() => meter.Dispose();
}
