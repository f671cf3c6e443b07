using Gatehouse.Runtime.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Runtime.Telemetry;

/// <summary>Registers traces and metrics.</summary>
public static class GatehouseTelemetry
{
    public static IServiceCollection AddGatehouseTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetryOptions>(configuration, "Telemetry");
        services.AddSingleton<PrometheusExporter>();
        services.AddHostedService<TelemetryProviders>();
        return services;
    }

    /// <summary>Says that a module has metrics under this name. Names, not a pattern: the library would compile an expression for one at every start.</summary>
    public static IServiceCollection AddMeter(this IServiceCollection services, string name) => services.AddSingleton(new MeterName(name));

    /// <summary>Serves the Prometheus text; meant for the management listener.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes, string path) =>
        routes.MapGet(path, (PrometheusExporter metrics) => TypedResults.Text(metrics.Scrape(), PrometheusExporter.ContentType)).ExcludeFromDescription();
}

internal sealed record MeterName(string Value);
