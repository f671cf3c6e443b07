using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Runtime.Http;

/// <summary>
/// What remains when no outcome was returned: a request the server could not read, a database that is away, or a fault of ours.
/// Aborted requests do not arrive here; the framework ends them quietly.
/// </summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    // Shutdown, crash, start-up and too many connections; class 08 is a broken connection (PostgreSQL, appendix A).
    private static readonly string[] AwayStates = ["57P01", "57P02", "57P03", "53300"];

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var route = (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        ProblemResult problem;
        if (exception is BadHttpRequestException bad)
        {
            problem = StatusProblems.For(bad.StatusCode);
        }
        else if (DatabaseIsAway(exception))
        {
            problem = RequestErrors.DependencyUnavailable.ToProblem();
            Log.DatabaseAway(logger, route, exception.GetType().Name, ProblemResult.TraceId(httpContext));
        }
        else
        {
            problem = StatusProblems.For(StatusCodes.Status500InternalServerError);
            Log.Unexpected(logger, exception, route, ProblemResult.TraceId(httpContext));
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    internal static bool DatabaseIsAway(Exception? exception) => exception switch
    {
        null => false,
        PostgresException e => AwayStates.Contains(e.SqlState, StringComparer.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException e => e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException,
        _ => DatabaseIsAway(exception.InnerException),
    };

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "Unexpected failure of {Route}, trace {TraceId}.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string route, string traceId);

        [LoggerMessage(1002, LogLevel.Warning, "The database is away ({Fault}); {Route} answered 503, trace {TraceId}.")]
        public static partial void DatabaseAway(ILogger logger, string route, string fault, string traceId);
    }
}
