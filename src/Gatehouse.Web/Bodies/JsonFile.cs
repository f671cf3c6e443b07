using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>
/// JSON that people keep in files: comments and trailing commas are allowed, everything else is checked as a request body is, unknown and
/// repeated members too.
/// </summary>
public static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 16,
    };

    /// <typeparam name="T">As of <see cref="JsonBody{T}"/>.</typeparam>
    /// <exception cref="InvalidDataException">It is no JSON object; the message says where.</exception>
    public static Input<T> Read<T>(ReadOnlyMemory<byte> bytes, JsonSerializerContext context)
        where T : class
    {
        var text = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        if (!Utf8.IsValid(text.Span))
            throw new InvalidDataException("The file is not valid UTF-8.");
        var errors = new ValidationErrors();
        try
        {
            var value = JsonRecord<T>.For(context.Options).Read(text, Lenient, errors);
            return new Input<T>(value ?? throw new InvalidDataException("The file holds no JSON object."), errors);
        }
        catch (JsonException e)
        {
            var line = (e.LineNumber + 1)?.ToString(CultureInfo.InvariantCulture);
            throw new InvalidDataException(line is null ? "The file is not valid JSON." : $"The file is not valid JSON: line {line}.", e);
        }
    }
}
