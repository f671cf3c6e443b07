using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Audit;

/// <summary>
/// The newest records on the first page of the console, and the events that say there are newer ones. They say nothing else: the page asks,
/// as who it is then.
/// </summary>
internal sealed class HomeFeed(ListRecords.Handler records, Database database, TimeProvider clock, IHostApplicationLifetime host)
    : IConsolePart
{
    private const string LivePath = ConsoleHome.Path + "/live";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Browsers ask again, and whoever may not read any more is told so then.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(5);

    public string Of => ConsoleHome.Path;

    public int Order => 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(
                LivePath,
                (HomeFeed feed, HttpContext http) =>
                    TypedResults.ServerSentEvents(feed.WatchAsync(http.Actor().Tenant.Id, http.RequestAborted))
            )
            .RequirePermission(AuditArea.ReadAudit)
            .LimitBy(RateLimitPolicy.Other);

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.RequiredAccess.Allows(AuditArea.ReadAudit.Name))
            return null;
        var newest = await records.HandleAsync(new RecordQuery(), new PageInput { Limit = "10" }, actor, cancellationToken);
        return newest.Error is null
            ? ConsoleFragment.Of<RecentRecords>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(RecentRecords.Records)] = newest.Value.Items,
                    [nameof(RecentRecords.More)] = AuditPages.Path,
                    [nameof(RecentRecords.Live)] = LivePath,
                }
            )
            : null;
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(Guid tenant, [EnumeratorCancellation] CancellationToken gone)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping, gone);
        var until = clock.GetUtcNow() + MaxDuration;
        // What came since the page was made is news at once.
        var seen = (Guid?)Guid.Empty;
        while (!end.IsCancellationRequested && clock.GetUtcNow() < until)
        {
            var newest = await NewestAsync(tenant, end.Token);
            if (newest != seen)
                yield return new SseItem<string>("records");
            seen = newest;
            await Task.Delay(Interval, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<Guid?> NewestAsync(Guid tenant, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.FirstOrDefaultAsync<Guid?>(
                    """
                    select id from audit.records
                     where tenant_id = @tenant and action <> 'session.refreshed'
                     order by id desc limit 1
                    """,
                    new { tenant }
                ),
            cancellationToken
        );
}
