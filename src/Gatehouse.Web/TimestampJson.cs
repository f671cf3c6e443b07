using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Web;

/// <summary>
/// Writes time stamps as RFC 3339 with six fractional digits, always: the precision of the database. The serializer would leave out zeros
/// at the end, and readers with one fixed format then fail now and again.
/// </summary>
internal sealed class TimestampJson : JsonConverter<DateTimeOffset>
{
    public static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));
}
