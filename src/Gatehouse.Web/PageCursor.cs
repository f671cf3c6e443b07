using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Web;

/// <summary>
/// Where a list goes on: behind this row. In the order that every list has it is the id alone; in others the mark of the order and what its
/// column holds come with it, so that the list goes on even where the row is gone or has another name by now.
/// </summary>
internal readonly record struct PageCursor(Guid Id, string Key)
{
    private const int IdBytes = 16;
    private const int TagBytes = 4;
    private const int MaxLength = 2000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Write(SortOrder? order)
    {
        if (order is null or { IsDefault: true })
            return Base64Url.EncodeToString(Id.ToByteArray(bigEndian: true));
        var bytes = new byte[IdBytes + TagBytes + Strict.GetByteCount(Key)];
        Id.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(IdBytes), order.Tag);
        Strict.GetBytes(Key, bytes.AsSpan(IdBytes + TagBytes));
        return Base64Url.EncodeToString(order.Sorting.Protector is { } protector ? protector.Protect(bytes) : bytes);
    }

    /// <summary>Null for what is no cursor of this order.</summary>
    public static PageCursor? Read(string text, SortOrder? order)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text, out var length))
            return null;
        if (text.Length != Base64Url.GetEncodedLength(length))
            return null;
        var bytes = new byte[length];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out _))
            return null;
        if (order is null or { IsDefault: true })
            return length == IdBytes ? new PageCursor(new Guid(bytes, bigEndian: true), Key: "") : null;
        return
            Open(bytes, order) is { Length: >= IdBytes + TagBytes } open
            && BinaryPrimitives.ReadUInt32BigEndian(open.AsSpan(IdBytes)) == order.Tag
            && TryText(open.AsSpan(IdBytes + TagBytes), out var key)
            ? new PageCursor(new Guid(open.AsSpan(0, IdBytes), bigEndian: true), key)
            : null;
    }

    private static byte[]? Open(byte[] bytes, SortOrder order)
    {
        if (order.Sorting.Protector is not { } protector)
            return bytes;
        try
        {
            return protector.Unprotect(bytes);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // PostgreSQL takes no text with a zero in it.
    private static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Contains((byte)0))
            return false;
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
