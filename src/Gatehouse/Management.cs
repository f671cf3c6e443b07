using Gatehouse.Core.Telemetry;
using Gatehouse.Web.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse;

/// <summary>
/// The management listener: details of each dependency and metrics, for operators only. A connection is marked where it is accepted, so
/// that nothing a request says (its Host, its port) can reach it from the public listener.
/// </summary>
public static class Management
{
    /// <summary>Marks a Kestrel listener as the management one.</summary>
    public static ListenOptions AsManagement(this ListenOptions listener)
    {
        listener.Use(next =>
            connection =>
            {
                connection.Features.Set(Mark.Instance);
                return next(connection);
            }
        );
        return listener;
    }

    /// <summary>Answers requests of the management listener; goes before everything else.</summary>
    public static IApplicationBuilder UseGatehouseManagement(this IApplicationBuilder app) =>
        app.Use((HttpContext http, RequestDelegate next) => http.Features.Get<Mark>() is null ? next(http) : AnswerAsync(http));

    private static async Task AnswerAsync(HttpContext http)
    {
        var services = http.RequestServices;
        http.Response.Headers.CacheControl = "no-store";
        switch (http.Request.Path.Value)
        {
            case "/health":
                var report = await services.GetRequiredService<HealthChecks>().ReportAsync(http.RequestAborted);
                http.Response.StatusCode = report.Status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                await http.Response.WriteAsJsonAsync(report, http.RequestAborted);
                break;
            case "/metrics":
                http.Response.ContentType = PrometheusExporter.ContentType;
                await http.Response.WriteAsync(services.GetRequiredService<PrometheusExporter>().Scrape(), http.RequestAborted);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                await http.Response.WriteAsync("/health or /metrics", http.RequestAborted);
                break;
        }
    }

    private sealed class Mark
    {
        public static Mark Instance { get; } = new();
    }
}
