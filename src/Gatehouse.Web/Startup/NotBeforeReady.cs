using Gatehouse.Core.Startup;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Tells callers to come back while the node waits for its databases, or has not yet verified them: an answer would rest on nothing.</summary>
internal sealed class NotBeforeReady(Ready ready) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        ready.IsReady ? next(context) : ValueTask.FromResult<object?>(RequestErrors.DependencyUnavailable.ToProblem());
}
