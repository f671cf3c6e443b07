using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Reads one kind of request record: checks every member against the record's shape, then deserializes the members that
/// fit.</summary>
internal sealed class JsonRecord<T>
    where T : class
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonRecord<T>> Known = [];

    // Deeper than any request record, shallow enough to stay off the stack's end.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly JsonTypeInfo<T> type;
    private readonly JsonShape shape;

    private JsonRecord(JsonSerializerOptions options)
    {
        type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        shape = JsonShape.Of(type);
    }

    public static JsonRecord<T> For(JsonSerializerOptions options) => Known.GetValue(options, static o => new JsonRecord<T>(o));

    /// <summary>The record, or null when the bytes are no JSON object.</summary>
    public T? Read(ReadOnlyMemory<byte> bytes, ValidationErrors errors)
    {
        // The parser lets ill-formed UTF-8 inside strings pass and fails when they are read.
        if (!Utf8.IsValid(bytes.Span))
            return null;
        try
        {
            return Read(bytes, Strict, errors);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The record, or null when the bytes are no object; of well-formed UTF-8.</summary>
    /// <exception cref="JsonException">They are no JSON.</exception>
    public T? Read(ReadOnlyMemory<byte> bytes, JsonDocumentOptions options, ValidationErrors errors)
    {
        using var document = JsonDocument.Parse(bytes, options);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return null;

        var accepted = new ArrayBufferWriter<byte>(bytes.Length + 16);
        using (var writer = new Utf8JsonWriter(accepted))
            new JsonCheck(errors, writer).Copy(document.RootElement, shape);
        return JsonSerializer.Deserialize(accepted.WrittenSpan, type);
    }
}
