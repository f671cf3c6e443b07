using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Development.Mailbox;

/// <summary>Server-sent events for who looks at the development inbox: one at once, for what came since the page was made, and one for each
/// mail. They say nothing else; the page asks.</summary>
internal static class WatchMailbox
{
    public const string Path = "/inbox/live";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                Path,
                (MailboxSignal news, IHostApplicationLifetime host, HttpContext http) =>
                    TypedResults.ServerSentEvents(WatchAsync(news, host.ApplicationStopping, http.RequestAborted))
            )
            .ExcludeFromDescription()
            .LimitBy(RateLimitPolicy.None)
            .AllowAnonymous();

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        MailboxSignal news,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken gone
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        while (!end.IsCancellationRequested)
        {
            var next = news.Next;
            yield return new SseItem<string>("mail");
            await next.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
