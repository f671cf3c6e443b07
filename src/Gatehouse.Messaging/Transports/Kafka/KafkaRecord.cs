using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Gatehouse.Contracts.Events;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>An event as a record: CloudEvents 1.0 in binary mode, attributes as <c>ce_</c> headers, the JSON as value.</summary>
internal static class KafkaRecord
{
    /// <summary>No event of ours comes near it.</summary>
    public const int MaxValueLength = 512 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Message<string, byte[]> Of(EventEnvelope envelope)
    {
        var headers = new Headers();
        Add("content-type", EventEnvelope.ContentType);
        Add("ce_specversion", EventEnvelope.SpecVersion);
        Add("ce_id", envelope.Id.ToString());
        Add("ce_source", EventEnvelope.Source);
        Add("ce_type", envelope.Type);
        Add("ce_subject", envelope.Key.ToString());
        Add("ce_time", EventTime.Text(envelope.Time));
        Add("ce_tenantid", envelope.TenantId.ToString());
        if (envelope.SubjectVersion is { } version)
            Add("ce_subjectversion", version.ToString(CultureInfo.InvariantCulture));
        if (envelope.TraceParent is { } trace)
            Add("ce_traceparent", trace);
        return new Message<string, byte[]>
        {
            Key = envelope.Key.ToString(),
            Value = Encoding.UTF8.GetBytes(envelope.Data),
            Headers = headers,
        };

        void Add(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>The event in a record, or why it is none of ours.</summary>
    public static (EventEnvelope? Envelope, string Reason) Read(string topic, Message<byte[], byte[]> record)
    {
        try
        {
            var value = record.Value ?? throw new FormatException("The value is empty.");
            if (value.Length > MaxValueLength)
                throw new FormatException($"The value has {value.Length} bytes; {MaxValueLength} are allowed.");
            if (Header(record, "ce_specversion") is var spec && spec != EventEnvelope.SpecVersion)
                throw new FormatException($"ce_specversion is '{Short(spec)}', not {EventEnvelope.SpecVersion}.");
            if (Header(record, "ce_source") is var source && source != EventEnvelope.Source)
                throw new FormatException($"ce_source is '{Short(source)}', not {EventEnvelope.Source}.");
            var type = Header(record, "ce_type");
            if (!EventCatalog.Types.TryGetValue(type, out var known))
                throw new FormatException($"ce_type '{Short(type)}' is unknown to this version.");
            if (known.Topic != topic)
                throw new FormatException($"{type} belongs to the topic {known.Topic}.");
            var key = Id("ce_subject");
            if (Strict.GetString(record.Key ?? []) != key.ToString())
                throw new FormatException("The key is not the ce_subject.");

            // What no subscriber could read is told apart from what a subscriber fails on.
            var data = Strict.GetString(value);
            if (JsonSerializer.Deserialize(data, known.Form) is null)
                throw new FormatException("The value is null.");
            return (
                new EventEnvelope
                {
                    Id = Id("ce_id"),
                    Type = type,
                    Topic = topic,
                    TenantId = Id("ce_tenantid"),
                    Key = key,
                    SubjectVersion = Optional(record, "ce_subjectversion") is { } version ? Number(version) : null,
                    Time = DateTimeOffset.TryParse(
                        Header(record, "ce_time"),
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                        out var time
                    )
                        ? time
                        : throw new FormatException("ce_time is not a time."),
                    TraceParent = Optional(record, "ce_traceparent"),
                    Data = data,
                },
                ""
            );

            Guid Id(string name) =>
                Guid.TryParseExact(Header(record, name), "D", out var id) ? id : throw new FormatException($"{name} is not a UUID.");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return (null, e is DecoderFallbackException ? "The record is not UTF-8." : e.Message);
        }
        catch (JsonException e)
        {
            return (null, $"The value is not JSON of this event (line {e.LineNumber}, byte {e.BytePositionInLine}).");
        }
    }

    private static string Header(Message<byte[], byte[]> record, string name) =>
        Optional(record, name) ?? throw new FormatException($"The header {name} is missing.");

    private static string? Optional(Message<byte[], byte[]> record, string name) =>
        record.Headers is { } headers && headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Strict.GetString(bytes) : null;

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("ce_subjectversion is not a number.");

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
