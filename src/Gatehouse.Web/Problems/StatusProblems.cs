using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Gives bare status codes of the framework (no such route, wrong method, unreadable parameter) the body every other rejection
/// has.</summary>
internal static class StatusProblems
{
    public static Task Write(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return For(http.Response.StatusCode).ExecuteAsync(http);
    }

    public static ProblemResult For(int status)
    {
        var error = status switch
        {
            StatusCodes.Status401Unauthorized => RequestErrors.Unauthenticated,
            StatusCodes.Status403Forbidden => RequestErrors.Forbidden,
            StatusCodes.Status404NotFound => RequestErrors.NotFound,
            StatusCodes.Status405MethodNotAllowed => RequestErrors.MethodNotAllowed,
            StatusCodes.Status408RequestTimeout => RequestErrors.TimedOut,
            StatusCodes.Status413PayloadTooLarge => RequestErrors.TooLarge,
            StatusCodes.Status415UnsupportedMediaType => RequestErrors.ContentType,
            StatusCodes.Status429TooManyRequests => RequestErrors.RateLimited,
            StatusCodes.Status503ServiceUnavailable => RequestErrors.DependencyUnavailable,
            >= 500 => RequestErrors.Unexpected,
            _ => RequestErrors.Malformed,
        };
        return new ProblemResult(error, status);
    }
}
