using System.Globalization;
using System.Text.Json;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Copies what fits its shape and reports what does not.</summary>
internal sealed class JsonCheck(ValidationErrors errors, Utf8JsonWriter writer)
{
    // One body could otherwise ask for thousands of messages.
    private const int MaxErrors = 50;

    private const int MaxNameLength = 64;

    private int reported;

    public void Copy(JsonElement record, JsonShape shape) => CopyMembers(record, shape, path: "");

    private void CopyMembers(JsonElement element, JsonShape shape, string path)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Distinct(element, path))
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            var member = shape.Kind == JsonKind.Map ? shape.Item : shape.Members.GetValueOrDefault(name);
            if (member is null)
                Report(field, ValidationCodes.UnknownMember);
            else if (value.ValueKind != JsonValueKind.Null && !(member.IsOptional && IsEmpty(value, member)) && Fits(value, member, field))
                Write(name, value, member, field);
        }

        writer.WriteEndObject();
    }

    private static bool IsEmpty(JsonElement value, JsonShape shape) =>
        value.ValueKind == JsonValueKind.String
        && ReadText(value, static v => v.GetString()) is { } text
        && (shape.SpacesCount ? text.Length == 0 : text.All(IsSpace));

    // As texts are trimmed: line breaks and tabs are no spaces, but errors.
    private static bool IsSpace(char c) => char.IsSeparator(c) && c is not ('\u2028' or '\u2029');

    private void Write(string name, JsonElement value, JsonShape shape, string field)
    {
        writer.WritePropertyName(name);
        if (shape.Kind is JsonKind.Record or JsonKind.Map)
            CopyMembers(value, shape, field);
        else
            value.WriteTo(writer);
    }

    // Of members given twice neither is believed: parsers differ on which one counts (RFC 8259, section 4).
    private IEnumerable<(string Name, JsonElement Value)> Distinct(JsonElement element, string path)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (ReadText(member, static m => m.Name) is not { } name || HasControl(name))
                throw new JsonException("The name of a member is no text.");
            if (!members.TryAdd(name, member.Value))
                twice.Add(name);
        }

        foreach (var name in twice)
        {
            Report(path.Length == 0 ? name : $"{path}.{name}", ValidationCodes.DuplicateMember);
            members.Remove(name);
        }

        return members.Select(member => (member.Key, member.Value));
    }

    private bool Fits(JsonElement value, JsonShape shape, string field)
    {
        switch (shape.Kind)
        {
            case JsonKind.String when value.ValueKind == JsonValueKind.String:
                return TextFits(value, field, shape.IsMultiline);
            case JsonKind.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case JsonKind.Integer
                when value.ValueKind == JsonValueKind.Number
                    && value.TryGetInt64(out var whole)
                    && whole >= shape.Least
                    && whole <= shape.Max:
            case JsonKind.Number
                when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number):
            case JsonKind.Record or JsonKind.Map when value.ValueKind == JsonValueKind.Object:
                return true;
            case JsonKind.Array when value.ValueKind == JsonValueKind.Array:
                return ItemsFit(value, shape.Item!, field);
            case JsonKind.Any:
                var before = reported;
                return AllTextFits(value, field) && reported == before;
            default:
                Report(
                    field,
                    ValidationCodes.WrongType,
                    new Dictionary<string, object>(StringComparer.Ordinal) { ["expected"] = shape.Name }
                );
                return false;
        }
    }

    private bool TextFits(JsonElement value, string field, bool multiline = false)
    {
        var code =
            ReadText(value, static v => v.GetString()) is not { } text ? ValidationCodes.InvalidText
            : HasControl(multiline ? text.Replace('\r', ' ').Replace('\n', ' ') : text) ? ValidationCodes.ControlCharacter
            : null;
        if (code is not null)
            Report(field, code);
        return code is null;
    }

    private bool ItemsFit(JsonElement array, JsonShape item, string field)
    {
        var (fit, index) = (true, 0);
        foreach (var value in array.EnumerateArray())
            fit &= ItemFits(value, item, string.Create(CultureInfo.InvariantCulture, $"{field}[{index++}]"));
        return fit;
    }

    // An array is kept whole or not at all, so records in it are evaluated here instead of being copied member by member.
    private bool ItemFits(JsonElement value, JsonShape item, string field)
    {
        if (!Fits(value, item, field))
            return false;
        if (item.Kind is not (JsonKind.Record or JsonKind.Map))
            return true;

        var before = reported;
        using var nowhere = new Utf8JsonWriter(Stream.Null);
        var check = new JsonCheck(errors, nowhere) { reported = reported };
        check.CopyMembers(value, item, field);
        reported = check.reported;
        return reported == before;
    }

    private bool AllTextFits(JsonElement value, string field) =>
        value.ValueKind switch
        {
            JsonValueKind.String => TextFits(value, field),
            JsonValueKind.Array => value.EnumerateArray().All(item => AllTextFits(item, field)),
            JsonValueKind.Object => Distinct(value, field).All(member => AllTextFits(member.Value, field)),
            _ => true,
        };

    private void Report(string field, string code, IReadOnlyDictionary<string, object>? values = null)
    {
        reported++;
        if (reported <= MaxErrors)
            errors.Add(field.Length <= MaxNameLength ? field : Shortened(field), code, values);
    }

    private static string Shortened(string field) =>
        string.Concat(field.AsSpan(0, char.IsHighSurrogate(field[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength), "…");

    // An escaped lone surrogate is valid JSON but no text; the reader throws when asked for it.
    private static string? ReadText<TSource>(TSource source, Func<TSource, string?> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool HasControl(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || text.AsSpan().IndexOfAnyInRange('\x7F', '\x9F') >= 0;
}
