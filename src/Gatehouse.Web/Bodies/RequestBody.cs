using System.Buffers;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Web;

/// <summary>The bytes of a small body, read once and kept for whoever needs them again (binding, idempotency).</summary>
public sealed class RequestBody
{
    internal const int Limit = 64 * 1024;

    private RequestBody(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The body, or the rejection of one over the limit, announced or not.</summary>
    /// <param name="limit">The most bytes it may have; 64 KB unless the actor is a machine that sends more at once.</param>
    public static async ValueTask<Outcome<RequestBody>> ReadAsync(HttpContext http, int limit = Limit)
    {
        if (http.Features.Get<RequestBody>() is { } known)
            return known;

        // Bounds what Kestrel drains of a rejected body. It counts the framing of chunks too, which outweighs the data of small ones.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = (long)limit * 8;
        if (http.Request.ContentLength > limit)
            return RequestErrors.TooLarge;

        var bytes = new ArrayBufferWriter<byte>((int)(http.Request.ContentLength ?? 1024) + 1);
        while (true)
        {
            int read;
            try
            {
                read = await http.Request.Body.ReadAsync(bytes.GetMemory(1), http.RequestAborted);
            }
            catch (IOException unreadable) when (unreadable is not BadHttpRequestException)
            {
                // The server's word for the size of a chunk that no number holds, and for a connection that broke; neither can go on.
                http.Response.Headers.Connection = "close";
                return RequestErrors.Malformed;
            }

            if (read == 0)
                break;
            bytes.Advance(read);
            if (bytes.WrittenCount > limit)
                return RequestErrors.TooLarge;
        }

        var body = new RequestBody(bytes.WrittenMemory);
        http.Features.Set(body);
        return body;
    }
}
