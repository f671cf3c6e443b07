using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Jobs;

/// <summary>Reads one job.</summary>
internal static class GetJob
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/jobs/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.RequestAborted)).ToResult(job => TypedResults.Json(job))
            )
            .WithName(nameof(GetJob))
            .WithSummary("Read a job")
            .WithDescription("A job that is not done, with its attempts and the last error. Jobs that are done are not kept.")
            .Produces<JobView>()
            .ProducesProblems(403, 404)
            .RequirePermission(JobEndpoints.Read);

    internal sealed class Handler(JobList jobs)
    {
        public async Task<Outcome<JobView>> HandleAsync(Guid id, CancellationToken cancellationToken) =>
            await jobs.FindAsync(id, cancellationToken) is { } job ? JobView.Of(job) : JobsErrors.NotFound;
    }
}
