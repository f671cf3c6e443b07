using Gatehouse.Web;
using Gatehouse.Web.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse;

/// <summary>A word for load balancers. What the word rests on is told on the management listener only.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live")).Probe();
        routes
            .MapGet(
                "/health/ready",
                async (HealthChecks checks, HttpContext http) =>
                    await checks.IsReadyAsync(http.RequestAborted)
                        ? TypedResults.Text("ready")
                        : TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable)
            )
            .Probe();
    }

    private static void Probe(this RouteHandlerBuilder builder) =>
        builder.ExcludeFromDescription().LimitBy(RateLimitPolicy.None).AllowAnonymous().WithMetadata(ProbeMark.Instance);
}
