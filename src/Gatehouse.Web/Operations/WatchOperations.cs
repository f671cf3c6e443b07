using System.ComponentModel;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Operations;

/// <summary>Server-sent events of all operations of one's own. The id of an event is a mark from which on all changes can be read again, so
/// who goes on with it misses none, at whatever node; some may come twice.</summary>
internal static class WatchOperations
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/live",
                (
                    [FromHeader(Name = LiveEvents.LastEventId), Description(LiveEvents.LastEventIdDescription)] string? lastEventId,
                    Handler handler,
                    HttpContext http
                ) => handler.HandleAsync(lastEventId, http)
            )
            .WithName(nameof(WatchOperations))
            .WithSummary("Watch my operations")
            .WithDescription(
                "Server-sent events of the type operation, each with the whole state as JSON: at first of all operations that are not "
                    + "over or "
                    + "ended within ten minutes, or changed since Last-Event-ID; then each change. A heartbeat event comes when nothing "
                    + "happens. The stream ends with the sign-in."
            )
            .Produces<OperationView>(StatusCodes.Status200OK, LiveEvents.ContentType)
            .ProducesProblems(429)
            .RenewSession()
            .RequireActor();

    internal sealed class Handler(OperationList operations, LiveStreams streams, LiveEvents events)
    {
        public async Task<IResult> HandleAsync(string? lastEventId, HttpContext http)
        {
            var last = LiveEvents.ParseLast(lastEventId);
            if (last.Error is { } error)
                return error.ToProblem();
            if (HttpMethods.IsHead(http.Request.Method))
                return LiveEvents.Head(http);
            var owner = OperationOwner.Of(http.Actor());
            return await streams.OpenAsync(
                http,
                owner,
                operation: null,
                async stream =>
                {
                    var read = await operations.ReadAllAsync(owner, last.Value, http.RequestAborted);
                    // A mark of another life of the database, which was restored since.
                    if (last.Value > read.Mark)
                        read = await operations.ReadAllAsync(owner, since: null, http.RequestAborted);
                    streams.Start(read.Mark);
                    return LiveEvents.Result(http, WatchAsync(stream, read, http.Language(), http.RequestAborted));
                }
            );
        }

        private async IAsyncEnumerable<SseItem<string>> WatchAsync(
            LiveStream stream,
            OperationsRead present,
            string language,
            [EnumeratorCancellation] CancellationToken gone
        )
        {
            using var open = stream;
            // What was told of operations that are not over.
            var told = new Dictionary<Guid, long>();
            var mark = present.Mark;
            foreach (var operation in present.Operations.OrderBy(o => o.Id))
            {
                told[operation.Id] = operation.Version;
                // Until all were told there is no mark to go on from.
                yield return events.Of(operation, language, operation == present.Operations[0] ? Text(mark) : null);
            }

            if (present.Operations.Count == 0)
                yield return LiveEvents.Heartbeat;
            while (await stream.NextAsync(gone) is { } batch)
            {
                var news = batch.Operations.Where(o => o.Version > told.GetValueOrDefault(o.Id)).ToList();
                if (batch.Operations.Count == 0)
                    yield return LiveEvents.Heartbeat;
                foreach (var operation in news)
                {
                    if (operation.IsFinished)
                        told.Remove(operation.Id);
                    else
                        told[operation.Id] = operation.Version;
                    var isLast = operation == news[^1];
                    yield return events.Of(operation, language, Text(isLast ? batch.Mark : mark));
                }

                mark = Math.Max(mark, batch.Mark);
            }
        }

        private static string Text(long mark) => mark.ToString(CultureInfo.InvariantCulture);
    }
}
