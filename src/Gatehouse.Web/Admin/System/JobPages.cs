using Gatehouse.Core.Results;
using Gatehouse.Web.Jobs;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Admin;

/// <summary>The jobs of the installation in the console.</summary>
internal static class JobPages
{
    public const string Path = ConsoleHome.Path + "/jobs";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.jobs",
        Group = ConsoleGroup.System,
        Permission = JobEndpoints.Read,
        InWholeTenant = true,
        Order = 8,
    };

    public static string PathOf(Guid id) => $"{Path}/{id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, ListAsync).RequirePermission(JobEndpoints.Read);
        pages.MapGet(Path + "/{id:guid}", ShowAsync).RequirePermission(JobEndpoints.Read);
        routes.MapActs<JobActs>(Path, JobActs.All, page => page.RequirePermission(JobEndpoints.Manage));
    }

    private static async Task<IResult> ListAsync(ListJobs.Handler jobs, HttpContext http)
    {
        string? Query(string name) => http.Request.Query[name].ToString().Trim() is { Length: > 0 } value ? value : null;
        var found = await jobs.HandleAsync((Query("state"), Query("kind")), PageInput.Of(http), http.Actor(), http.RequestAborted);
        // What cannot be read narrows nothing, and the page says so.
        var shown = found.Succeeded ? found : await jobs.HandleAsync((null, null), PageInput.First, http.Actor(), http.RequestAborted);
        return http.Page<JobsPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(JobsPage.Jobs)] = shown.Value,
                [nameof(JobsPage.IsBad)] = !found.Succeeded,
            }
        );
    }

    private static async Task<IResult> ShowAsync(Guid id, GetJob.Handler jobs, HttpContext http) =>
        (await jobs.HandleAsync(id, http.RequestAborted)).ToResult(job =>
            http.Page<JobPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(JobPage.Job)] = job })
        );
}

/// <summary>The pages that ask before something is done to a job.</summary>
internal sealed class JobActs(GetJob.Handler jobs, RetryJob.Handler retry, CancelJob.Handler cancel, MessageCatalog texts) : IConsoleActs
{
    public const string Retry = "retry";
    public const string Cancel = "cancel";

    public static readonly string[] All = [Retry, Cancel];

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await jobs.HandleAsync(id, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.job.ask." + act),
            About =
            [
                new(texts.Say(http, "page.console.job.kind"), found.Value.Kind),
                new(texts.Say(http, "page.console.job.id"), id.ToString()),
            ],
            Effects = [texts.Say(http, "page.console.job.effect." + act)],
            Act = texts.Say(http, "page.console.job.act." + act),
            Path = $"{JobPages.PathOf(id)}/{act}",
            Back = JobPages.PathOf(id),
            // A job that is removed, or done in the same moment, has no page.
            Next = JobPages.Path,
            Entry = JobPages.Path,
        };
    }

    public Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http) =>
        http.ActAsync(
            asked,
            _ =>
                act == Retry
                    ? retry.HandleAsync(id, http.Actor(), http.RequestAborted)
                    : cancel.HandleAsync(id, http.Actor(), http.RequestAborted),
            _ => texts.Say(http, "page.console.job.done." + act, ("kind", asked.About[0].Value!))
        );
}
