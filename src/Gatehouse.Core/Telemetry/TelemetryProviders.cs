using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gatehouse.Core.Telemetry;

/// <summary>Holds the providers from start to stop. Spans are only made when there is somewhere to send them.</summary>
internal sealed class TelemetryProviders(IOptions<TelemetryOptions> options, IEnumerable<MeterName> meterNames, PrometheusExporter prometheus) : IHostedService, IDisposable
{
    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", "Gatehouse.*"];

    private MeterProvider? meters;
    private TracerProvider? tracer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var telemetry = options.Value;
        var version = typeof(TelemetryProviders).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var resource = ResourceBuilder.CreateEmpty().AddService("gatehouse", serviceVersion: version).AddTelemetrySdk();

        var metering = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. Meters, .. meterNames.Select(m => m.Value)])
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = telemetry.MostSeries })
            .AddReader(_ => new BaseExportingMetricReader(prometheus));
        if (telemetry.OtlpEndpoint is not null) metering.AddOtlpExporter(otlp => Direct(otlp, telemetry, "v1/metrics"));
        meters = metering.Build();

        if (telemetry.OtlpEndpoint is not null)
        {
            tracer = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(telemetry.TracedShare)))
                .AddProcessor(_ => new PersonalTags())
                .AddOtlpExporter(otlp => Direct(otlp, telemetry, "v1/traces"))
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The container disposes after the last request, so that its span and counts still go out.
    public void Dispose()
    {
        tracer?.Dispose();
        meters?.Dispose();
    }

    private static void Direct(OtlpExporterOptions otlp, TelemetryOptions telemetry, string path)
    {
        var http = telemetry.OtlpTransport == OtlpTransport.HttpProtobuf;
        otlp.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = http ? new Uri(telemetry.OtlpEndpoint!.ToString().TrimEnd('/') + "/" + path) : telemetry.OtlpEndpoint!;
    }
}
