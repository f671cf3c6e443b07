using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Operations;

/// <summary>The form of server-sent events of operations.</summary>
internal sealed class LiveEvents(MessageCatalog texts)
{
    public const string ContentType = "text/event-stream";
    public const string LastEventId = "Last-Event-ID";
    public const string LastEventIdDescription = "The id of the last event that arrived, to go on from there; omit it for the first time.";

    /// <summary>An event that no page listens to: connections without any are cut by some proxies.</summary>
    public static readonly SseItem<string> Heartbeat = new("", "heartbeat");

    public SseItem<string> Of(Operation operation, string language, string? id) =>
        new(JsonSerializer.Serialize(OperationView.Of(operation, texts, language), OperationsJson.Default.OperationView), "operation")
        {
            EventId = id,
        };

    public static Outcome<long?> ParseLast(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return (long?)null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return last;
        var errors = new ValidationErrors();
        errors.Add(LastEventId, ValidationCodes.CursorMalformed);
        return RequestErrors.InvalidWith(errors);
    }

    public static IResult Result(HttpContext http, IAsyncEnumerable<SseItem<string>> events)
    {
        // Proxies of nginx's kind pass events on at once.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(events);
    }

    public static IResult Head(HttpContext http)
    {
        http.Response.ContentType = ContentType;
        return TypedResults.StatusCode(StatusCodes.Status200OK);
    }
}
