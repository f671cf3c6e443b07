using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gatehouse.Tests.Core.Telemetry;

public sealed partial class PrometheusTests : IDisposable
{
    private readonly Meter meter = new("Gatehouse.Sample");
    private readonly PrometheusExporter exporter = new();
    private readonly MeterProvider provider;

    public PrometheusTests() =>
        provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter("Gatehouse.*")
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = 10 })
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();

    [GeneratedRegex(
        """^[a-zA-Z_:][a-zA-Z0-9_:]*\{([a-zA-Z_][a-zA-Z0-9_]*="(\\[\\n"]|[^\\"\n])*",?)+\} ([-+]?[0-9.eE+-]+|[+-]Inf|NaN)$""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex SampleLine { get; }

    [Fact]
    public void Counters_gauges_and_histograms_are_written_with_units_and_totals()
    {
        meter.CreateCounter<long>("gatehouse.mails", "{mail}", "Mails handed over.").Add(3);
        meter.CreateUpDownCounter<int>("gatehouse.open").Add(-2);
        meter.CreateObservableGauge("gatehouse.memory", () => 1.5, "By");
        var histogram = meter.CreateHistogram(
            "gatehouse.wait",
            "s",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }
        );
        histogram.Record(0.05);
        histogram.Record(0.5);
        histogram.Record(5);

        Assert.Equal(
            """
            # HELP gatehouse_mails_total Mails handed over.
            # TYPE gatehouse_mails_total counter
            gatehouse_mails_total{otel_scope_name="Gatehouse.Sample"} 3
            # TYPE gatehouse_memory_bytes gauge
            gatehouse_memory_bytes{otel_scope_name="Gatehouse.Sample"} 1.5
            # TYPE gatehouse_open gauge
            gatehouse_open{otel_scope_name="Gatehouse.Sample"} -2
            # TYPE gatehouse_wait_seconds histogram
            gatehouse_wait_seconds_bucket{otel_scope_name="Gatehouse.Sample",le="0.1"} 1
            gatehouse_wait_seconds_bucket{otel_scope_name="Gatehouse.Sample",le="1"} 2
            gatehouse_wait_seconds_bucket{otel_scope_name="Gatehouse.Sample",le="+Inf"} 3
            gatehouse_wait_seconds_sum{otel_scope_name="Gatehouse.Sample"} 5.55
            gatehouse_wait_seconds_count{otel_scope_name="Gatehouse.Sample"} 3

            """,
            exporter.Scrape()
        );
    }

    [Fact]
    public void Counts_go_on_from_scrape_to_scrape()
    {
        var counter = meter.CreateCounter<long>("gatehouse.mails");
        counter.Add(1);
        exporter.Scrape();
        counter.Add(1);
        Assert.Contains("} 2\n", exporter.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Label_values_and_help_are_escaped()
    {
        meter
            .CreateCounter<long>("gatehouse.odd", unit: null, description: "a\\b\nc")
            .Add(1, new("k.e-y", "q\" b\\ n\n"), new("0th", value: null));
        var page = exporter.Scrape();
        Assert.Contains("# HELP gatehouse_odd_total a\\\\b\\nc\n", page, StringComparison.Ordinal);
        Assert.Contains("""{_0th="",k_e_y="q\" b\\ n\n",otel_scope_name="Gatehouse.Sample"} 1""", page, StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_of_two_meters_is_one_family()
    {
        using var other = new Meter("Gatehouse.Other");
        meter.CreateCounter<long>("gatehouse.same").Add(1);
        other.CreateCounter<long>("gatehouse.same").Add(1);
        other.CreateObservableGauge("gatehouse.same.total", () => 7);
        var page = exporter.Scrape();
        Assert.Single(page.Split('\n'), line => line.StartsWith("# TYPE gatehouse_same_total", StringComparison.Ordinal));
        Assert.Equal(2, page.Split('\n').Count(line => line.StartsWith("gatehouse_same_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public void Series_are_bounded()
    {
        var counter = meter.CreateCounter<long>("gatehouse.many");
        for (var i = 0; i < 1000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
        var lines = exporter
            .Scrape()
            .Split('\n')
            .Where(line => line.StartsWith("gatehouse_many_total{", StringComparison.Ordinal))
            .ToList();
        Assert.InRange(lines.Count, 2, 12);
        Assert.Equal(1000, lines.Sum(line => int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Every_line_is_well_formed()
    {
        meter.CreateHistogram<double>("gatehouse.h", "ms").Record(double.MaxValue, new KeyValuePair<string, object?>("a", "é\u0001{}\""));
        meter.CreateObservableGauge("gatehouse.g", () => double.NaN);
        var lines = exporter.Scrape().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines.Where(line => line[0] != '#'), line => Assert.Matches(SampleLine, line));
    }

    public void Dispose()
    {
        provider.Dispose();
        exporter.Dispose();
        meter.Dispose();
    }
}
