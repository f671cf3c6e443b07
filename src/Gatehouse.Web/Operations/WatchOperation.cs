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

/// <summary>
/// Server-sent events of one operation: its present state, then each further one; the last is its end. Who comes again after that with the
/// id of the last event gets 204, which tells a browser's <c>EventSource</c> to stop.
/// </summary>
internal static class WatchOperation
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/operations/{id:guid}/events",
                (
                    Guid id,
                    [FromHeader(Name = LiveEvents.LastEventId), Description(LiveEvents.LastEventIdDescription)] string? lastEventId,
                    Handler handler,
                    HttpContext http
                ) => handler.HandleAsync(id, lastEventId, http)
            )
            .WithName(nameof(WatchOperation))
            .WithSummary("Watch an operation")
            .WithDescription(
                "Server-sent events of the type operation, each with the whole state as JSON: at first the present one, then each "
                    + "change. A "
                    + "heartbeat event comes when nothing happens. The stream ends with the operation, or with the sign-in. Who asks "
                    + "again with "
                    + "the id of the last event of a finished operation gets 204."
            )
            .Produces<OperationView>(StatusCodes.Status200OK, LiveEvents.ContentType)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404, 429)
            .RenewSession()
            .RequireActor();

    internal sealed class Handler(OperationList operations, LiveStreams streams, LiveEvents events)
    {
        public async Task<IResult> HandleAsync(Guid id, string? lastEventId, HttpContext http)
        {
            var last = LiveEvents.ParseLast(lastEventId);
            if (last.Error is { } error)
                return error.ToProblem();
            var owner = OperationOwner.Of(http.Actor());
            if (HttpMethods.IsHead(http.Request.Method))
                return await operations.FindAsync(owner, id, http.RequestAborted) is null
                    ? OperationsErrors.NotFound.ToProblem()
                    : LiveEvents.Head(http);
            return await streams.OpenAsync(
                http,
                owner,
                id,
                async stream =>
                {
                    var read = await operations.ReadOneAsync(owner, id, http.RequestAborted);
                    if (read.Operations is not [var operation])
                        return OperationsErrors.NotFound.ToProblem();
                    if (operation.IsFinished && operation.Version == last.Value)
                        return TypedResults.NoContent();
                    streams.Start(read.Mark);
                    return LiveEvents.Result(http, WatchAsync(stream, operation, last.Value, http.Language(), http.RequestAborted));
                }
            );
        }

        private async IAsyncEnumerable<SseItem<string>> WatchAsync(
            LiveStream stream,
            Operation operation,
            long? last,
            string language,
            [EnumeratorCancellation] CancellationToken gone
        )
        {
            using var open = stream;
            var version = 0L;
            if (operation.Version == last)
            {
                version = operation.Version;
                yield return LiveEvents.Heartbeat;
            }
            else
            {
                stream.Add(operation);
            }

            while (await stream.NextAsync(gone) is { } batch)
            {
                if (batch.Operations is not [.., var next])
                {
                    yield return LiveEvents.Heartbeat;
                    continue;
                }

                if (next.Version <= version)
                    continue;
                version = next.Version;
                yield return events.Of(next, language, version.ToString(CultureInfo.InvariantCulture));
                if (next.IsFinished)
                    yield break;
            }
        }
    }
}
