using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Events;
using Gatehouse.Messaging.Transports.Kafka;

namespace Gatehouse.Tests.Docs;

public class AsyncApiDocumentTests
{
    private static string Samples => Path.Combine(Repository.Root, "tests", "Gatehouse.Tests", "Contracts", "samples");

    [Fact]
    public Task The_document_of_events_is_what_the_code_says() =>
        Repository.ExpectAsync("docs/asyncapi.json", AsyncApiDocument.Write(Sample));

    [Fact]
    public void The_headers_are_those_that_a_record_has()
    {
        var envelope = Sample("envelope").Deserialize(EventJson.Default.EventEnvelope)!;
        var headers = Document()["components"]!["schemas"]!["CloudEventHeaders"]!;
        var described = headers["properties"]!.AsObject().ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal);

        var full = KafkaRecord.Of(envelope).Headers;
        var least = KafkaRecord.Of(envelope with { SubjectVersion = null, TraceParent = null }).Headers;

        Assert.Equal(full.Select(h => h.Key), described.Keys);
        Assert.Equal(least.Select(h => h.Key), headers["required"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.All(
            full,
            header =>
            {
                if (described[header.Key]["const"] is { } value)
                    Assert.Equal(value.GetValue<string>(), Encoding.UTF8.GetString(header.GetValueBytes()));
            }
        );
    }

    [Fact]
    public void Personal_data_is_described_as_encrypted_and_beside_it_what_is_encrypted()
    {
        var schemas = Document()["components"]!["schemas"]!;
        var personal = schemas["UserRegisteredV1"]!["properties"]!["personal"]!;

        Assert.Equal(["subject", "data"], personal["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal("#/components/schemas/UserPersonalV1", personal["x-plaintext"]!["$ref"]!.GetValue<string>());
        Assert.Equal(["name", "email", "username", "phoneNumber"], schemas["UserPersonalV1"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["name"], schemas["UserPersonalV1"]!["required"]!.AsArray().Select(m => m!.GetValue<string>()));
    }

    private static JsonNode Document() => JsonNode.Parse(AsyncApiDocument.Write(Sample))!;

    private static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Samples, name + ".json")))!;
}
