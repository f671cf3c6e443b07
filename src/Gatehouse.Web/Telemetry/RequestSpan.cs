using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

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
        // The caller may invent methods; the convention folds the unknown ones into one.
        var method = HttpMethods.GetCanonicalizedValue(http.Request.Method);
        var known =
            HttpMethods.IsGet(method)
            || HttpMethods.IsPost(method)
            || HttpMethods.IsPut(method)
            || HttpMethods.IsPatch(method)
            || HttpMethods.IsDelete(method)
            || HttpMethods.IsHead(method)
            || HttpMethods.IsOptions(method);
        if (!known)
            method = "_OTHER";

        // A failed request has lost its endpoint to the exception handler.
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
