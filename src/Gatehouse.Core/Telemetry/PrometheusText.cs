using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gatehouse.Core.Telemetry;

/// <summary>
/// Writes metrics by the OpenTelemetry specification "Prometheus and OpenMetrics Compatibility": names with unit and <c>_total</c>,
/// one HELP and TYPE per family, cumulative buckets, the meter as label <c>otel_scope_name</c>.
/// </summary>
internal sealed class PrometheusText
{
    private readonly Dictionary<string, Family> families = new(StringComparer.Ordinal);

    public void Add(Metric metric)
    {
        var type = TypeOf(metric.MetricType);
        if (type is null)
            return;

        var name = PrometheusName.Of(metric.Name, metric.Unit, type);
        if (!families.TryGetValue(name, out var family))
            families.Add(name, family = new Family { Type = type, Help = metric.Description });

        // Two meters may use one name; with another type it would make the whole page unreadable.
        if (family.Type != type)
            return;
        foreach (ref readonly var point in metric.GetMetricPoints())
            AddPoint(family.Lines, name, metric, in point);
    }

    public override string ToString()
    {
        var page = new StringBuilder();
        foreach (var (name, family) in families.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (family.Help.Length > 0)
                page.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
            page.Append("# TYPE ").Append(name).Append(' ').Append(family.Type).Append('\n').Append(family.Lines);
        }

        return page.ToString();
    }

    private static string? TypeOf(MetricType type) =>
        type switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.Histogram => "histogram",
            _ => null,
        };

    private static void AddPoint(StringBuilder lines, string name, Metric metric, in MetricPoint point)
    {
        var labels = Labels(metric.MeterName, point.Tags);
        switch (metric.MetricType)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                Line(lines, name, labels, Number(point.GetSumLong()));
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                Line(lines, name, labels, Number(point.GetSumDouble()));
                break;
            case MetricType.LongGauge:
                Line(lines, name, labels, Number(point.GetGaugeLastValueLong()));
                break;
            case MetricType.DoubleGauge:
                Line(lines, name, labels, Number(point.GetGaugeLastValueDouble()));
                break;
            default:
                AddHistogram(lines, name, labels, in point);
                break;
        }
    }

    private static void AddHistogram(StringBuilder lines, string name, string labels, in MetricPoint point)
    {
        var count = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            Line(lines, name + "_bucket", $"{labels},le=\"{Number(bucket.ExplicitBound)}\"", Number(count));
        }

        Line(lines, name + "_sum", labels, Number(point.GetHistogramSum()));
        Line(lines, name + "_count", labels, Number(point.GetHistogramCount()));
    }

    private static void Line(StringBuilder lines, string name, string labels, string value) =>
        lines.Append(name).Append('{').Append(labels).Append("} ").Append(value).Append('\n');

    private static string Labels(string meter, ReadOnlyTagCollection tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["otel_scope_name"] = meter };
        foreach (var (key, value) in tags)
        {
            var label = PrometheusName.OfLabel(key);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

            // Distinct keys can become one label ("a.b", "a_b"); the specification joins their values.
            labels[label] = labels.TryGetValue(label, out var present) ? $"{present};{text}" : text;
        }

        return string.Join(',', labels.Select(label => $"{label.Key}=\"{EscapeLabel(label.Value)}\""));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };

    private static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private sealed record Family
    {
        public required string Type { get; init; }

        public required string Help { get; init; }

        public StringBuilder Lines { get; } = new();
    }
}
