using Gatehouse.Core.Telemetry;
using Gatehouse.Web.Health;
using Gatehouse.Web.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse;

/// <summary>
/// The management listener: details of each dependency and metrics, for operators only.
/// </summary>
public static class Management
{
    /// <summary>Makes a Kestrel listener the management one.</summary>
    public static ListenOptions AsManagement(this ListenOptions listener) => listener.Marked(ListenerMark.Management);

    /// <summary>Answers requests of the management listener; goes before everything else.</summary>
    public static IApplicationBuilder UseGatehouseManagement(this IApplicationBuilder app) =>
        app.Use((HttpContext http, RequestDelegate next) => http.IsAt(ListenerMark.Management) ? AnswerAsync(http) : next(http));

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
}
