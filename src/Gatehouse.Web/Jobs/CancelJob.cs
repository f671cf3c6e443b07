using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Jobs;

/// <summary>Removes a job that does not run.</summary>
internal static class CancelJob
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/jobs/{id:guid}/cancel",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(CancelJob))
            .WithSummary("Cancel a job")
            .WithDescription(
                "A job that waits or was given up is removed, and the operation that waits for it canceled. What it would have done is "
                    + "not done."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 409)
            .RequirePermission(JobEndpoints.Manage);

    internal sealed class Handler(JobList jobs)
    {
        public async Task<Outcome<JobAct>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await jobs.CancelAsync(id, actor, cancellationToken) switch
            {
                JobAct.NotFound => JobsErrors.NotFound,
                JobAct.WrongState => JobsErrors.Running,
                var done => done,
            };
    }
}
