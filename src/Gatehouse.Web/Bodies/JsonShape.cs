using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Web;

/// <summary>Marks a member of a request whose empty text means something else than its absence.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyTextAttribute : Attribute;

internal enum JsonKind
{
    String,
    Boolean,
    Integer,
    Number,
    Any,
    Array,
    Map,
    Record,
}

/// <summary>What a member of a request may be, taken once from the serializer's own description of the type.</summary>
internal sealed record JsonShape(JsonKind Kind)
{
    private static readonly JsonShape Text = new(JsonKind.String);

    private static readonly FrozenDictionary<Type, JsonShape> Leaves = new Dictionary<Type, JsonShape>
    {
        [typeof(string)] = Text,
        [typeof(bool)] = new(JsonKind.Boolean),
        [typeof(int)] = new(JsonKind.Integer) { Max = int.MaxValue, Least = int.MinValue },
        [typeof(long)] = new(JsonKind.Integer) { Max = long.MaxValue, Least = long.MinValue },
        [typeof(double)] = new(JsonKind.Number),
        [typeof(JsonElement)] = new(JsonKind.Any),
    }.ToFrozenDictionary();

    public long Least { get; init; }

    public long Max { get; init; }

    /// <summary>Text in lines: line breaks belong to it.</summary>
    public bool IsMultiline { get; init; }

    /// <summary>A single value that may be left out: an empty text, or one of spaces only, says the same.</summary>
    public bool IsOptional { get; init; }

    /// <summary>A password: one of spaces only is one.</summary>
    public bool SpacesCount { get; init; }

    /// <summary>Of arrays and maps.</summary>
    public JsonShape? Item { get; init; }

    /// <summary>Of records, by the exact JSON name.</summary>
    public FrozenDictionary<string, JsonShape> Members { get; init; } = FrozenDictionary<string, JsonShape>.Empty;

    /// <summary>As a caller would say it.</summary>
    public string Name =>
        Kind switch
        {
            JsonKind.String => "string",
            JsonKind.Boolean => "boolean",
            JsonKind.Integer => "integer",
            JsonKind.Number => "number",
            JsonKind.Array => "array",
            _ => "object",
        };

    public static JsonShape Of(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => new(JsonKind.Record) { Members = MembersOf(type) },
            JsonTypeInfoKind.Enumerable => new(JsonKind.Array) { Item = Of(type.Options, type.ElementType!) },
            JsonTypeInfoKind.Dictionary when type.KeyType == typeof(string) => new(JsonKind.Map)
            {
                Item = Of(type.Options, type.ElementType!),
            },
            _ => throw Unsuitable(type.Type, "is read by a converter; request records carry plain text and the handler parses it"),
        };

    private static JsonShape Of(JsonSerializerOptions options, Type type) =>
        Leaves.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var leaf) ? leaf : Of(options.GetTypeInfo(type));

    private static FrozenDictionary<string, JsonShape> MembersOf(JsonTypeInfo type)
    {
        var members = new Dictionary<string, JsonShape>(StringComparer.Ordinal);
        foreach (var property in type.Properties)
        {
            // A faulty member is left out, so every member must be able to be absent.
            var optional = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
            if (property.IsRequired || !optional)
                throw Unsuitable(type.Type, $"has the member {property.Name}, which is not nullable and optional");
            var shape = Of(type.Options, property.PropertyType);
            var kind = property
                .AttributeProvider?.GetCustomAttributes(typeof(DataTypeAttribute), inherit: false)
                .OfType<DataTypeAttribute>()
                .FirstOrDefault();
            var isOptional =
                shape.Kind is JsonKind.String or JsonKind.Boolean or JsonKind.Integer or JsonKind.Number
                && !Has<RequiredAttribute>(property)
                && !Has<EmptyTextAttribute>(property);
            members.Add(
                property.Name,
                shape with
                {
                    IsOptional = isOptional,
                    SpacesCount = kind?.DataType == DataType.Password,
                    IsMultiline = kind?.DataType == DataType.MultilineText,
                }
            );
        }

        return members.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool Has<TAttribute>(JsonPropertyInfo property)
        where TAttribute : Attribute => property.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: false) == true;

    private static NotSupportedException Unsuitable(Type type, string why) =>
        new($"{type} cannot be a request body or part of one: it {why}.");
}
