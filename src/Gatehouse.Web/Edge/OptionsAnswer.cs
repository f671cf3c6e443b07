using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Web;

/// <summary>
/// Answers OPTIONS, which no endpoint takes, with what its path does take: the methods (RFC 9110, 9.3.7) and, under <c>/v1</c>, the form of
/// changes (RFC 5789, 3.1). Routing knows the methods; its rejection names them.
/// </summary>
internal static class OptionsAnswer
{
    public static async Task GiveAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        var response = http.Response;
        if (
            !HttpMethods.IsOptions(http.Request.Method)
            || response.StatusCode != StatusCodes.Status405MethodNotAllowed
            || response.HasStarted
            || response.Headers.Allow.Count == 0
        )
            return;

        var methods = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Allow = string.Join(", ", methods.Append(HttpMethods.Options).Distinct(StringComparer.Ordinal));
        if (
            methods.Contains(HttpMethods.Patch, StringComparer.Ordinal)
            && http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        )
            http.AcceptPatch();
    }
}
