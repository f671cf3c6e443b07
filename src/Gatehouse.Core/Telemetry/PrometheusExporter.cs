using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gatehouse.Core.Telemetry;

/// <summary>Offers all metrics in the Prometheus text format 0.0.4, collected when asked for.</summary>
[ExportModes(ExportModes.Pull)]
public sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int CollectMilliseconds = 5000;

    private readonly Lock gate = new();
    private string text = "";

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics as they are now; empty while no meter provider reads them.</summary>
    public string Scrape()
    {
        lock (gate)
        {
            text = "";
            Collect?.Invoke(CollectMilliseconds);
            return text;
        }
    }

    /// <summary>Called back by <see cref="Collect"/> on the scraping thread.</summary>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var writer = new PrometheusText();
        foreach (var metric in batch)
            writer.Add(metric);
        text = writer.ToString();
        return ExportResult.Success;
    }
}
