using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>
/// What remains when no outcome was returned: a request the server could not read, a database or Redis that is away, or an error of ours.
/// Aborted requests do not arrive here; the framework ends them quietly.
/// </summary>
internal sealed partial class ExceptionProblems(DatabaseOutage outage, ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var route = (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        ProblemResult problem;
        if (exception is BadHttpRequestException bad)
        {
            problem = StatusProblems.For(bad.StatusCode);
        }
        else if (exception is DependencyAwayException || outage.Note(exception))
        {
            problem = RequestErrors.DependencyUnavailable.ToProblem();
        }
        else
        {
            problem = StatusProblems.For(StatusCodes.Status500InternalServerError);
            Log.Unexpected(logger, exception, route, ProblemResult.TraceId(httpContext));
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "Unexpected failure of {Route}, trace {TraceId}.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string route, string traceId);
    }
}
