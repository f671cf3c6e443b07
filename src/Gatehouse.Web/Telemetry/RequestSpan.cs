using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Web.Telemetry;

/// <summary>
/// Names the span of a request by its route template. ASP.NET Core 10 leaves its span bare (the switch
/// <c>SuppressActivityOpenTelemetryData</c>), and what it would write with the switch off includes the path.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(http);
            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            Describe(span, http);
        }
    }

    private static void Describe(Activity span, HttpContext http)
    {
        var method = RequestNames.Method(http);
        var route = RequestNames.Route(http);
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
