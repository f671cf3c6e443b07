using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.Telemetry;

/// <summary>
/// Writes a line for each request once it has ended. A path can hold a username and a query a link, so the route template stands for both,
/// and <c>(none)</c> where nothing is. Goes first, so that its duration is the whole one and no rejection escapes it.
/// </summary>
internal sealed partial class AccessLog(
    RequestDelegate next,
    AccessLogOptions options,
    IHostEnvironment environment,
    TimeProvider clock,
    ILoggerFactory loggers
)
{
    public const string Category = "Gatehouse.AccessLog";

    private const string None = "(none)";

    // As others write it: the client went before it was answered.
    private const int ClientClosedRequest = StatusCodes.Status499ClientClosedRequest;

    private readonly ILogger logger = loggers.CreateLogger(Category);
    private readonly bool isWritten = options.IsWritten(environment);

    public Task InvokeAsync(HttpContext http) => isWritten && logger.IsEnabled(LogLevel.Information) ? WatchAsync(http) : next(http);

    private async Task WatchAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        // What an exception leaves that nobody caught.
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(http);
            status = http.Response.StatusCode;
        }
        finally
        {
            Write(http, status, clock.GetElapsedTime(started));
        }
    }

    private void Write(HttpContext http, int status, TimeSpan elapsed)
    {
        if (RequestNames.Endpoint(http)?.Metadata.GetMetadata<ProbeMark>() is not null)
            return;
        if (http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
            status = ClientClosedRequest;

        var actor = http.Features.Get<Actor>();
        Log.Ended(
            logger,
            RequestNames.Method(http),
            RequestNames.Route(http) ?? None,
            status,
            Math.Round(elapsed.TotalMilliseconds, 1),
            actor?.User?.Id.ToString() ?? None,
            actor?.Tenant.Id.ToString() ?? None,
            ProblemResult.TraceId(http)
        );
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "{Method} {Route} {Status} in {DurationMs} ms, user {UserId}, tenant {TenantId}, trace {TraceId}"
        )]
        public static partial void Ended(
            ILogger logger,
            string method,
            string route,
            int status,
            double durationMs,
            string userId,
            string tenantId,
            string traceId
        );
    }
}
