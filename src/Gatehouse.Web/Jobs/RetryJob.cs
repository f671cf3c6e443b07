using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Jobs;

/// <summary>Lets a job that was given up be tried again.</summary>
internal static class RetryJob
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/jobs/{id:guid}/retry",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RetryJob))
            .WithSummary("Retry a job")
            .WithDescription(
                "A job that was given up is tried again at once, as if it never had been; the operation that waits for it goes on."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 409)
            .RequirePermission(JobEndpoints.Manage);

    internal sealed class Handler(JobList jobs)
    {
        public async Task<Outcome<JobAct>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            await jobs.RetryAsync(id, actor, cancellationToken) switch
            {
                JobAct.NotFound => JobsErrors.NotFound,
                JobAct.WrongState => JobsErrors.NotGivenUp,
                var done => done,
            };
    }
}
