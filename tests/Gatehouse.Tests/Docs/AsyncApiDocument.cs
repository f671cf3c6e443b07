using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Tests.Docs;

/// <summary>
/// Writes docs/asyncapi.json from the contracts: the schemas from the type metadata that the serializer uses, the descriptions from the
/// comments, the examples from the recorded samples. The program embeds the file and serves it.
/// </summary>
internal static class AsyncApiDocument
{
    private const string Description =
        "The events of Gatehouse on Kafka: CloudEvents 1.0 in binary mode, attributes as `ce_*` headers, the JSON as the record's value. "
        + "Absent members are omitted, and events gain members with time: ignore those you do not know. A changed meaning is a new event "
        + "with a new version in its name. Delivery is at least once: ignore a `ce_id` you have seen. The members of `personal` are "
        + "encrypted with the key of the user or of the pending registration and become permanently unreadable once that key is destroyed; "
        + "`x-plaintext` is what is encrypted.";

    /// <summary>The headers of a record, the member of the envelope they carry, and whether each record has it.</summary>
    private static readonly (string Name, string Member, bool Always, JsonObject Form)[] Headers =
    [
        ("content-type", nameof(EventEnvelope.ContentType), true, Const(EventEnvelope.ContentType)),
        ("ce_specversion", nameof(EventEnvelope.SpecVersion), true, Const(EventEnvelope.SpecVersion)),
        ("ce_id", nameof(EventEnvelope.Id), true, Text("uuid")),
        ("ce_source", nameof(EventEnvelope.Source), true, Const(EventEnvelope.Source)),
        ("ce_type", nameof(EventEnvelope.Type), true, Text()),
        ("ce_subject", nameof(EventEnvelope.Key), true, Text("uuid")),
        ("ce_time", nameof(EventEnvelope.Time), true, Text("date-time")),
        ("ce_tenantid", nameof(EventEnvelope.TenantId), true, Text("uuid")),
        (
            "ce_subjectversion",
            nameof(EventEnvelope.SubjectVersion),
            false,
            new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" }
        ),
        ("ce_traceparent", nameof(EventEnvelope.TraceParent), false, Text()),
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="example">The recorded sample of an event, by its name.</param>
    public static string Write(Func<string, JsonNode> example)
    {
        var comments = Repository
            .Comments(typeof(IEvent).Assembly)
            .ToDictionary(c => c.Key, c => c.Value.Replace(@"\|", "|", StringComparison.Ordinal), StringComparer.Ordinal);
        var events = EventsDocument.Events.OrderBy(EventsDocument.TypeOf, StringComparer.Ordinal).ToList();
        var document = new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["id"] = EventEnvelope.Source,
            ["info"] = new JsonObject
            {
                ["title"] = "Gatehouse",
                ["version"] = "v1",
                ["description"] = Description,
                ["license"] = new JsonObject { ["name"] = "MIT" },
            },
            ["defaultContentType"] = EventEnvelope.ContentType,
            ["channels"] = Channels(events, comments),
            ["operations"] = Operations(events),
            ["components"] = new JsonObject { ["messages"] = Messages(events, comments, example), ["schemas"] = Schemas(events, comments) },
        };
        return document.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Channels(IEnumerable<Type> events, Dictionary<string, string> comments) =>
        Object(
            ByTopic(events),
            topic => Name(topic.Key),
            topic => new JsonObject
            {
                ["address"] = topic.Key,
                ["description"] = EventsDocument.TopicComment(topic.Key, comments),
                ["messages"] = Object(topic, EventsDocument.TypeOf, type => Ref("components/messages", EventsDocument.TypeOf(type))),
            }
        );

    private static JsonObject Operations(IEnumerable<Type> events) =>
        Object(
            ByTopic(events),
            topic => $"send-{Name(topic.Key)}",
            topic => new JsonObject
            {
                ["action"] = "send",
                ["channel"] = Ref("channels", Name(topic.Key)),
                ["summary"] = "Gatehouse publishes these events.",
                ["messages"] = new JsonArray([
                    .. topic.Select(type => Ref($"channels/{Name(topic.Key)}/messages", EventsDocument.TypeOf(type))),
                ]),
            }
        );

    private static JsonObject Messages(IEnumerable<Type> events, Dictionary<string, string> comments, Func<string, JsonNode> example) =>
        Object(
            events,
            EventsDocument.TypeOf,
            type => new JsonObject
            {
                ["name"] = EventsDocument.TypeOf(type),
                ["title"] = EventsDocument.TypeOf(type),
                ["summary"] = comments["T:" + type.FullName],
                ["contentType"] = EventEnvelope.ContentType,
                ["headers"] = new JsonObject
                {
                    ["type"] = "object",
                    ["allOf"] = new JsonArray(
                        Ref("components/schemas", "CloudEventHeaders"),
                        new JsonObject { ["properties"] = new JsonObject { ["ce_type"] = Const(EventsDocument.TypeOf(type)) } }
                    ),
                },
                ["payload"] = Ref("components/schemas", type.Name),
                ["bindings"] = new JsonObject
                {
                    ["kafka"] = new JsonObject { ["key"] = Text("uuid"), ["bindingVersion"] = "0.5.0" },
                },
                ["examples"] = new JsonArray(new JsonObject { ["name"] = "recorded", ["payload"] = example(EventsDocument.TypeOf(type)) }),
            }
        );

    private static JsonObject Schemas(IEnumerable<Type> events, Dictionary<string, string> comments)
    {
        var personal = typeof(IEvent)
            .Assembly.GetTypes()
            .Where(t => !t.IsInterface && t.IsAssignableTo(typeof(IPersonalData)))
            .OrderBy(t => t.Name, StringComparer.Ordinal);
        var schemas = Object(events.Concat(personal), type => type.Name, type => Schema(type, comments));
        schemas["CloudEventHeaders"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. Headers.Where(h => h.Always).Select(h => JsonValue.Create(h.Name))]),
            ["properties"] = Object(
                Headers,
                header => header.Name,
                header =>
                {
                    var form = header.Form.DeepClone().AsObject();
                    var member = $"{typeof(EventEnvelope).FullName}.{header.Member}";
                    form["description"] = comments.GetValueOrDefault("P:" + member) ?? comments["F:" + member];
                    return form;
                }
            ),
        };
        return schemas;
    }

    private static JsonObject Schema(Type type, Dictionary<string, string> comments) =>
        EventJson
            .Default.GetTypeInfo(type)!
            .GetJsonSchemaAsNode(
                new JsonSchemaExporterOptions
                {
                    TreatNullObliviousAsNonNullable = true,
                    TransformSchemaNode = (context, node) => Refine(context, Known(context, node), comments),
                }
            )
            .AsObject();

    // The exporter knows nothing of what a converter writes.
    private static JsonObject Known(JsonSchemaExporterContext context, JsonNode schema) =>
        (Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) == typeof(DateTimeOffset)
            ? Text("date-time")
            : schema.AsObject();

    // The exporter says what the serializer would read; consumers want to know what is written.
    private static JsonObject Refine(JsonSchemaExporterContext context, JsonObject schema, Dictionary<string, string> comments)
    {
        var type = context.TypeInfo.Type;
        if (schema["type"] is JsonArray kinds)
        {
            // Numbers would be read from strings, and null where a member may be absent.
            var number = kinds.Any(k => k!.GetValue<string>() is "integer" or "number");
            schema["type"] = kinds.Select(k => k!.GetValue<string>()).Single(k => k != "null" && !(number && k == "string"));
            if (number)
                schema.Remove("pattern");
        }

        if (EventsDocument.IsEncrypted(type))
            schema["x-plaintext"] = Ref("components/schemas", type.GetGenericArguments()[0].Name);
        if (schema["properties"] is JsonObject)
            schema["required"] = new JsonArray([
                .. EventsDocument
                    .Members(type)
                    .Where(m => !EventsDocument.IsOptional(m))
                    .Select(m => JsonValue.Create(EventsDocument.Json(m))),
            ]);
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo member)
        {
            var holder = member.DeclaringType!;
            var described = holder.IsGenericType ? holder.GetGenericTypeDefinition() : holder;
            schema["description"] = EventsDocument.Meaning(described, member, comments);
        }
        else if (comments.TryGetValue("T:" + type.FullName, out var summary))
            schema["description"] = summary;

        return schema;
    }

    private static IEnumerable<IGrouping<string, Type>> ByTopic(IEnumerable<Type> events) =>
        events.GroupBy(EventsDocument.TopicOf, StringComparer.Ordinal).OrderBy(topic => topic.Key, StringComparer.Ordinal);

    private static string Name(string topic) => topic[(topic.LastIndexOf('.') + 1)..];

    private static JsonObject Ref(string place, string name) => new() { ["$ref"] = $"#/{place}/{name}" };

    private static JsonObject Const(string value) => new() { ["type"] = "string", ["const"] = value };

    private static JsonObject Text(string? format = null) =>
        format is null ? new JsonObject { ["type"] = "string" } : new JsonObject { ["type"] = "string", ["format"] = format };

    private static JsonObject Object<T>(IEnumerable<T> items, Func<T, string> name, Func<T, JsonNode> value) =>
        new(items.Select(item => KeyValuePair.Create<string, JsonNode?>(name(item), value(item))));
}
