using System.Reflection;
using Gatehouse.Core.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gatehouse.Core.Telemetry;

/// <summary>Registers traces, metrics and the sending of logs.</summary>
public static class GatehouseTelemetry
{
    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Npgsql",
        "System.Runtime",
    ];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", "Gatehouse.*"];

    public static IServiceCollection AddGatehouseTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetryOptions>(configuration, "Telemetry");
        services.AddSingleton<PrometheusExporter>();

        var version = typeof(GatehouseTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("gatehouse", serviceVersion: version))
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Meters)
                    .AddReader(provider => new BaseExportingMetricReader(provider.GetRequiredService<PrometheusExporter>()))
            )
            .WithTracing();
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) => Configure(metrics, provider.GetRequiredService<TelemetryOptions>())
        );
        services.ConfigureOpenTelemetryTracerProvider(
            (provider, traces) => Configure(traces, provider.GetRequiredService<TelemetryOptions>())
        );
        if (SettingsCatalog.Read<TelemetryOptions>(configuration, "Telemetry") is { OtlpEndpoint.Scheme: "http" or "https" } options)
            services.AddLogExport(options);
        return services;
    }

    /// <summary>Says that a module has metrics under this name. Names, not a pattern: the library would compile an expression for one at
    /// every start.</summary>
    public static IServiceCollection AddMeter(this IServiceCollection services, string name) =>
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(name));

    private static void Configure(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddView(_ => new MetricStreamConfiguration { CardinalityLimit = options.MaxSeries });
        if (options.OtlpEndpoint is null)
            return;
        metrics.AddReader(_ => new PeriodicExportingMetricReader(new OtlpMetricExporter(Collector(options, "v1/metrics"))));
    }

    // Spans are only made when there is somewhere to send them.
    private static void Configure(TracerProviderBuilder traces, TelemetryOptions options)
    {
        if (options.OtlpEndpoint is null)
            return;
        traces
            .AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.SamplingRatio)))
            .AddProcessor(_ => new PersonalTags())
            .AddProcessor(_ => new BatchActivityExportProcessor(new OtlpTraceExporter(Collector(options, "v1/traces"))));
    }

    // Loggers are made before the settings are checked, and a provider of them that sends nowhere would cost each line something: so there
    // is one only for an endpoint, and for one that can be.
    private static void AddLogExport(this IServiceCollection services, TelemetryOptions options)
    {
        // Whatever another logger writes: below warnings, the framework's lines name paths.
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore", LogLevel.Warning));
        services
            .AddOpenTelemetry()
            .WithLogging(
                logs => logs.AddProcessor(_ => new BatchLogRecordExportProcessor(new OtlpLogExporter(Collector(options, "v1/logs")))),
                logger =>
                {
                    logger.IncludeFormattedMessage = true;
                    // The framework's scope of a request names its path.
                    logger.IncludeScopes = false;
                }
            );
    }

    private static OtlpExporterOptions Collector(TelemetryOptions options, string path) =>
        options.OtlpTransport switch
        {
            OtlpTransport.HttpProtobuf => new()
            {
                Protocol = OtlpExportProtocol.HttpProtobuf,
                Endpoint = new Uri($"{options.OtlpEndpoint!.ToString().TrimEnd('/')}/{path}"),
            },
            _ => new() { Protocol = OtlpExportProtocol.Grpc, Endpoint = options.OtlpEndpoint! },
        };
}
