using System.Text.Json;

namespace Gatehouse.Web;

/// <summary>The JSON form of a claim's value: text, whole number, boolean, and lists of texts and objects of such values.</summary>
public static class ClaimJson
{
    public static void Write(Utf8JsonWriter json, string name, object value)
    {
        json.WritePropertyName(name);
        Write(json, value);
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case IReadOnlyList<string> texts:
                json.WriteStartArray();
                foreach (var one in texts)
                    json.WriteStringValue(one);
                json.WriteEndArray();
                break;
            case IReadOnlyDictionary<string, object> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                    Write(json, name, member);
                json.WriteEndObject();
                break;
            default:
                throw new ArgumentException("A claim is a text, a number, a boolean, or a list or object of them.", nameof(value));
        }
    }
}
