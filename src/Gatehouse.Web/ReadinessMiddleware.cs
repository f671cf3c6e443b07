using Gatehouse.Core.Startup;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Tells callers to come back while the node waits for its databases, or has not yet verified them: an answer would rest on
/// nothing.</summary>
internal sealed class ReadinessMiddleware(RequestDelegate next, ReadinessGate ready)
{
    public Task InvokeAsync(HttpContext http) =>
        ready.IsReady || !http.HasMark<ReadyMark>() ? next(http) : RequestErrors.DependencyUnavailable.ToProblem().ExecuteAsync(http);
}
