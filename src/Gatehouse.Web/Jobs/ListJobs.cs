using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Jobs;

/// <summary>Lists jobs, newest or oldest first; dead letters are those in the state dead. What jobs are given is not shown.</summary>
internal static class ListJobs
{
    private const int MaxKind = 100;

    private static readonly Sorting Sorting = new() { List = "jobs" };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/jobs",
                async (
                    [Description("waiting, running or dead. Omit it for all.")] string? state,
                    [Description("Only jobs of this kind, such as notifications.send.")] string? kind,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    [Description("createdAt: the oldest first. Default: -createdAt.")] string? sort,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            (state, kind),
                            new PageInput
                            {
                                Limit = limit,
                                After = after,
                                Sort = sort,
                            },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(page => TypedResults.Json(page))
            )
            .WithName(nameof(ListJobs))
            .WithSummary("List jobs")
            .WithDescription("Jobs of the installation that are not done, newest first, without what they are about.")
            .Produces<Page<JobView>>()
            .ProducesProblems(403)
            .RequirePermission(JobEndpoints.Read);

    internal sealed class Handler(JobList jobs)
    {
        public async Task<Outcome<Page<JobView>>> HandleAsync(
            (string? State, string? Kind) filter,
            PageInput input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            if (filter.State is not null && !ListedJob.States.Contains(filter.State, StringComparer.Ordinal))
                errors.Add("state", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", ListedJob.States))));
            if (filter.Kind is not null)
                TextInput.Clean(filter.Kind, "kind", MaxKind, errors);
            var page = PageQuery.Parse(input, Sorting, actor.Tenant.Id, errors);
            if (errors.Any || page is null)
                return RequestErrors.InvalidWith(errors);
            var found = await jobs.ListAsync(filter, page.Cursor, page.IsAscending, page.Rows, cancellationToken);
            return page.Of(found, job => job.Id, JobView.Of);
        }
    }
}
