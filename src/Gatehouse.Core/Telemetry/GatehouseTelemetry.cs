using Gatehouse.Core.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Telemetry;

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
}

internal sealed record MeterName(string Value);
