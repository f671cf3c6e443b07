using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Telemetry;

/// <summary>What may be told of a request outside it: nothing that its caller chose.</summary>
internal static class RequestNames
{
    /// <summary>The caller may invent methods; the convention of OpenTelemetry folds the unknown ones into one.</summary>
    public static string Method(HttpContext http)
    {
        var method = HttpMethods.GetCanonicalizedValue(http.Request.Method);
        var known =
            HttpMethods.IsGet(method)
            || HttpMethods.IsPost(method)
            || HttpMethods.IsPut(method)
            || HttpMethods.IsPatch(method)
            || HttpMethods.IsDelete(method)
            || HttpMethods.IsHead(method)
            || HttpMethods.IsOptions(method);
        return known ? method : "_OTHER";
    }

    /// <summary>The route template; null where nothing is.</summary>
    public static string? Route(HttpContext http) => (Endpoint(http) as RouteEndpoint)?.RoutePattern.RawText;

    /// <summary>A failed request has lost its endpoint to the exception handler.</summary>
    public static Endpoint? Endpoint(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
}
