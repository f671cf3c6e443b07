using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;

namespace Gatehouse.Messaging;

/// <summary>The stored form of a rejection. Its text is found when somebody reads it, in their language.</summary>
internal static class StoredError
{
    public static string Write(Error error) =>
        JsonSerializer.Serialize(
            new Form
            {
                Code = error.Code,
                Kind = error.Kind,
                Facts = Write(error.Facts),
                Errors =
                [
                    .. error.Errors.Select(e => new FieldForm
                    {
                        Field = e.Field,
                        Code = e.Code,
                        Values = e.Values is null ? null : Write(e.Values),
                    }),
                ],
            },
            StoredErrorJson.Default.Form
        );

    public static Error Read(string text)
    {
        var form = JsonSerializer.Deserialize(text, StoredErrorJson.Default.Form)!;
        return new Error(form.Code, form.Kind)
        {
            Facts = Read(form.Facts),
            Errors =
            [
                .. form.Errors.Select(e => new FieldError
                {
                    Field = e.Field,
                    Code = e.Code,
                    Values = e.Values is null ? null : Read(e.Values),
                }),
            ],
        };
    }

    private static Dictionary<string, JsonElement> Write(IReadOnlyDictionary<string, object> facts) =>
        facts.ToDictionary(
            fact => fact.Key,
            fact =>
                fact.Value switch
                {
                    bool flag => JsonSerializer.SerializeToElement(flag, StoredErrorJson.Default.Boolean),
                    int number => JsonSerializer.SerializeToElement(number, StoredErrorJson.Default.Int64),
                    long number => JsonSerializer.SerializeToElement(number, StoredErrorJson.Default.Int64),
                    double number => JsonSerializer.SerializeToElement(number, StoredErrorJson.Default.Double),
                    IEnumerable<string> texts => JsonSerializer.SerializeToElement([.. texts], StoredErrorJson.Default.StringArray),
                    DateTimeOffset time => JsonSerializer.SerializeToElement(time.ToString("O"), StoredErrorJson.Default.String),
                    var other => JsonSerializer.SerializeToElement(
                        Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
                        StoredErrorJson.Default.String
                    ),
                },
            StringComparer.Ordinal
        );

    private static Dictionary<string, object> Read(Dictionary<string, JsonElement> facts) =>
        facts.ToDictionary(
            fact => fact.Key,
            fact =>
                fact.Value.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number => fact.Value.TryGetInt64(out var whole) ? whole : (object)fact.Value.GetDouble(),
                    JsonValueKind.Array => fact.Value.EnumerateArray().Select(item => item.GetString()!).ToArray(),
                    _ => fact.Value.GetString()!,
                },
            StringComparer.Ordinal
        );

    internal sealed record Form
    {
        public required string Code { get; init; }

        public required ErrorKind Kind { get; init; }

        public required Dictionary<string, JsonElement> Facts { get; init; }

        public required IReadOnlyList<FieldForm> Errors { get; init; }
    }

    internal sealed record FieldForm
    {
        public required string Field { get; init; }

        public required string Code { get; init; }

        public Dictionary<string, JsonElement>? Values { get; init; }
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredError.Form))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredErrorJson : JsonSerializerContext;
