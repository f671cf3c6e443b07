using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Events;

/// <summary>
/// Lets services read the events of a tenant again, or for the first time where they read no Kafka: in the order in which they were
/// written, from a cursor on, as long as they are kept.
/// </summary>
public static class ListEvents
{
    public static readonly Permission ReadEvents = new()
    {
        Name = "events:read",
        Level = AccessLevel.Tenant,
        Description = "Read the events of the tenant.",
    };

    private const string Newest = "newest";
    private const int MaxTypes = 50;

    internal static IServiceCollection AddEventReplay(this IServiceCollection services) =>
        services
            .AddPermissions([ReadEvents])
            .AddRequests(EventsJson.Default)
            .AddKeptData("page.privacy.kept-events", provider => provider.GetRequiredService<MessagingOptions>().RetentionDays)
            .AddSingleton<Handler>();

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapV1("Events")
            .MapGet(
                "/events",
                async (
                    [Description(
                        "The value of next from the previous answer. Omit it for the oldest event that is kept; newest: none yet."
                    )]
                        string? after,
                    [Description("Only events of these types, separated by commas: user.registered.v1,user.closed.v1. Omit it for all.")]
                        string? types,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    Handler handler,
                    HttpContext http
                ) =>
                    (await handler.HandleAsync(after, types, limit, http.Actor(), http.RequestAborted)).ToResult(page =>
                        TypedResults.Json(page)
                    )
            )
            .WithName(nameof(ListEvents))
            .WithSummary("Read events")
            .WithDescription(
                "Events of the tenant in the order in which they were written, as CloudEvents. Ask again with next, at once while more is "
                    + "true and after a second or so otherwise. An event may come twice, so handle each id once."
            )
            .Produces<EventsPage>()
            .ProducesProblems(403, 410)
            .RequirePermission(ReadEvents);

    public sealed record EventsPage
    {
        [Description("None may come although more is true: the events that were looked at were of other types.")]
        public required IReadOnlyList<CloudEvent> Items { get; init; }

        [Description("Send it as after to get what follows. Never null: there is always a next event to wait for.")]
        public required string Next { get; init; }

        [Description("Whether there is more already.")]
        public required bool More { get; init; }
    }

    [Description("A CloudEvents 1.0 event. docs/events.md lists the types and their members.")]
    public sealed record CloudEvent
    {
        [JsonPropertyName("specversion")]
        public required string SpecVersion { get; init; }

        [Description("Unique for ever.")]
        public required Guid Id { get; init; }

        public required string Source { get; init; }

        [Description("Name with version, such as user.registered.v1.")]
        public required string Type { get; init; }

        [Description("What the event is about: a user, an organization or a tenant. Events of one subject are in order.")]
        public required Guid Subject { get; init; }

        public required DateTimeOffset Time { get; init; }

        [JsonPropertyName("datacontenttype")]
        public required string DataContentType { get; init; }

        [JsonPropertyName("tenantid")]
        public required Guid TenantId { get; init; }

        [JsonPropertyName("subjectversion")]
        [Description("Counts the events of a user from 1; null if the subject is no user.")]
        public required long? SubjectVersion { get; init; }

        [Description("W3C trace context of the request that made the change; null if it was not traced.")]
        [JsonPropertyName("traceparent")]
        public required string? TraceParent { get; init; }

        [Description("The members of the type.")]
        public required IReadOnlyDictionary<string, JsonElement> Data { get; init; }

        /// <summary>The event as services read it.</summary>
        public static CloudEvent Of(EventEnvelope envelope) =>
            new()
            {
                SpecVersion = EventEnvelope.SpecVersion,
                Id = envelope.Id,
                Source = EventEnvelope.Source,
                Type = envelope.Type,
                Subject = envelope.Key,
                Time = envelope.Time,
                DataContentType = EventEnvelope.ContentType,
                TenantId = envelope.TenantId,
                SubjectVersion = envelope.SubjectVersion,
                TraceParent = envelope.TraceParent,
                Data = JsonSerializer.Deserialize(envelope.Data, EventsJson.Default.IReadOnlyDictionaryStringJsonElement)!,
            };

        /// <summary>Its JSON in UTF-8.</summary>
        public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EventsJson.Default.CloudEvent);
    }

    internal sealed class Handler(EventReplay replay)
    {
        public async Task<Outcome<EventsPage>> HandleAsync(
            string? after,
            string? types,
            string? limit,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var page = PageQuery.Parse(limit, after: null, errors);
            var wanted = ParseTypes(types, errors);
            var from = after is null or Newest ? replay.Oldest : EventCursor.Parse(after);
            if (from is null)
                errors.Add("after", ValidationCodes.CursorMalformed);
            if (errors.Any || page is null || from is null)
                return RequestErrors.InvalidWith(errors);
            if (after == Newest)
                return new EventsPage
                {
                    Items = [],
                    Next = EventCursor.Text(await replay.NewestAsync(cancellationToken)),
                    More = false,
                };
            if (replay.IsExpired(from))
                return EventsErrors.CursorExpired;
            var read = await replay.ReadAsync(actor.Tenant.Id, wanted, from, page.Limit, cancellationToken);
            return new EventsPage
            {
                Items = [.. read.Events.Select(CloudEvent.Of)],
                Next = EventCursor.Text(read.Next),
                More = !read.IsLast,
            };
        }

        private static string[] ParseTypes(string? types, ValidationErrors errors)
        {
            var names = types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (names.Length > MaxTypes)
                errors.Add("types", ValidationCodes.OutOfRange, TextInput.Limits(("min", 0), ("max", MaxTypes)));
            return names;
        }
    }
}

internal static class EventsErrors
{
    /// <summary>What followed the cursor may have been removed.</summary>
    public static readonly Error CursorExpired = new("events.cursor-expired", ErrorKind.Gone);
}

/// <summary>The JSON form of events as services read them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(TimestampJson)])]
[JsonSerializable(typeof(ListEvents.EventsPage))]
[JsonSerializable(typeof(ListEvents.CloudEvent))]
internal sealed partial class EventsJson : JsonSerializerContext;
