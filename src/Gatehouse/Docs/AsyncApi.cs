using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Docs;

/// <summary>The events as AsyncAPI 3.0 at <c>/asyncapi.json</c>: docs/asyncapi.json, which a test holds to the code.</summary>
internal static class AsyncApi
{
    private static readonly byte[] Document = EmbeddedFile.Read("asyncapi.json");

    /// <summary>The topics and their events, as the document says.</summary>
    public static IReadOnlyList<EventTopic> Topics { get; } = Parse();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/asyncapi.json", () => TypedResults.Bytes(Document, "application/json; charset=utf-8"))
            .ExcludeFromDescription()
            .AllowAnonymous();

    private static List<EventTopic> Parse()
    {
        using var document = JsonDocument.Parse(Document);
        var components = document.RootElement.GetProperty("components");
        var (messages, schemas) = (components.GetProperty("messages"), components.GetProperty("schemas"));
        return
        [
            .. document
                .RootElement.GetProperty("channels")
                .EnumerateObject()
                .Select(channel => new EventTopic
                {
                    Name = Text(channel.Value, "address"),
                    Meaning = Text(channel.Value, "description"),
                    Events =
                    [
                        .. channel
                            .Value.GetProperty("messages")
                            .EnumerateObject()
                            .Select(message => messages.GetProperty(message.Name))
                            .Select(message => new DescribedEvent
                            {
                                Name = Text(message, "name"),
                                Meaning = Text(message, "summary"),
                                Members = [.. Members(Referred(message.GetProperty("payload")), schemas)],
                            }),
                    ],
                }),
        ];

        JsonElement Referred(JsonElement reference) => schemas.GetProperty(Text(reference, "$ref").Split('/')[^1]);
    }

    // What is encrypted is told of as if it lay open, each member marked.
    private static IEnumerable<EventMember> Members(JsonElement schema, JsonElement schemas, string? encryptedIn = null)
    {
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal);
        foreach (var member in schema.GetProperty("properties").EnumerateObject())
        {
            yield return new EventMember
            {
                Name = encryptedIn is null ? member.Name : $"{encryptedIn}.{member.Name}",
                Type = Text(member.Value, member.Value.TryGetProperty("format", out _) ? "format" : "type"),
                Meaning = Text(member.Value, "description"),
                IsOptional = !required.Contains(member.Name),
                IsEncrypted = encryptedIn is not null,
            };
            if (!member.Value.TryGetProperty("x-plaintext", out var plain))
                continue;
            foreach (var inner in Members(schemas.GetProperty(Text(plain, "$ref").Split('/')[^1]), schemas, member.Name))
                yield return inner;
        }
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
