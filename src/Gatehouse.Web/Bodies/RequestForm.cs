using System.Text.Unicode;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Web;

/// <summary>Reads a form once, before anything is done with it. Afterwards <see cref="HttpRequest.Form"/> holds it.</summary>
public static class RequestForm
{
    /// <summary>The rejection of what is no form: another type, too large, broken framing, ill-formed text, a NUL. Null when it was
    /// read.</summary>
    public static async ValueTask<Error?> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (
            !request.HasFormContentType
            || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !IsUtf8(type, orAscii: true)
        )
            return RequestErrors.ContentType;
        var file = IsMultipart(request) ? http.GetEndpoint()?.Metadata.GetMetadata<FileFormMark>() : null;
        var body = await RequestBody.ReadAsync(http, file?.MaxLength ?? RequestBody.Limit);
        if (body.Error is { } error)
            return error;
        if (!IsMultipart(request) && !IsWellEscaped(body.Value.Bytes.Span))
            return RequestErrors.Malformed;
        if (file is null && !Utf8.IsValid(body.Value.Bytes.Span))
            return RequestErrors.Malformed;

        try
        {
            request.Body = new MemoryStream(body.Value.Bytes.ToArray(), writable: false);
            // What is in memory need not go to a file of its own.
            http.Features.Set<IFormFeature>(
                new FormFeature(request, new FormOptions { MemoryBufferThreshold = body.Value.Bytes.Length + 1 })
            );
            var form = await request.ReadFormAsync(http.RequestAborted);
            return form.Any(field =>
                ControlCharacters.Has(field.Key) || field.Value.Any(value => value!.Contains('\0', StringComparison.Ordinal))
            )
                ? RequestErrors.Malformed
                : null;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or InvalidOperationException)
        {
            // The words of the framework's reader for what ends too soon, has too many fields or a NUL.
            return RequestErrors.Malformed;
        }
    }

    /// <summary>Whether a value has a control character other than a tab or a line break. What a page of ours sent may have one: its
    /// handler names it beside the field.</summary>
    internal static bool HasControlCharacters(IFormCollection form) =>
        form.Any(field => field.Value.Any(value => value!.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'))));

    /// <summary>Whether the text is UTF-8, under its name or the one that many programs write.</summary>
    internal static bool IsUtf8(MediaTypeHeaderValue type, bool orAscii) =>
        !type.Charset.HasValue
        || type.Charset.Value.Trim('"').ToUpperInvariant() is var charset
            && (charset is "UTF-8" or "UTF8" || (orAscii && charset == "US-ASCII"));

    private static bool IsMultipart(HttpRequest request) =>
        request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    // The framework leaves what is no escape as it is, and puts another character where the bytes are no text.
    private static bool IsWellEscaped(ReadOnlySpan<byte> body)
    {
        var text = new byte[body.Length];
        var length = 0;
        for (var i = 0; i < body.Length; i++)
        {
            text[length] = body[i];
            if (body[i] == '%')
            {
                if (i + 2 >= body.Length || !char.IsAsciiHexDigit((char)body[i + 1]) || !char.IsAsciiHexDigit((char)body[i + 2]))
                    return false;
                text[length] = Convert.FromHexString([(char)body[i + 1], (char)body[i + 2]])[0];
                i += 2;
            }

            length++;
        }

        return Utf8.IsValid(text.AsSpan(0, length));
    }
}
