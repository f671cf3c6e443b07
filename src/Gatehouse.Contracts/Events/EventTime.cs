using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Contracts.Events;

/// <summary>
/// Times in events: RFC 3339 in UTC with six fractional digits and a Z, always. The serializer would leave out zeros at the end, and
/// readers with one fixed format then fail now and again. Whatever RFC 3339 allows is read.
/// </summary>
internal sealed class EventTime : JsonConverter<DateTimeOffset>
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));
}
