using System.Buffers.Binary;
using System.Buffers.Text;
using Gatehouse.Messaging;

namespace Gatehouse.Web.Events;

/// <summary>The text form of a place in the log. Pure.</summary>
internal static class EventCursor
{
    private const int Length = sizeof(int) + (3 * sizeof(long));
    private const long LastMillisecond = 253_402_300_799_999;

    public static string Text(ReplayCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, cursor.Epoch);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], cursor.Xid);
        BinaryPrimitives.WriteInt64BigEndian(bytes[12..], cursor.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], cursor.ReadAt.ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for a text that is none.</summary>
    public static ReplayCursor? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (
            text.Length != Base64Url.GetEncodedLength(Length)
            || !Base64Url.IsValid(text, out var length)
            || length != Length
            || !Base64Url.TryDecodeFromChars(text, bytes, out _)
        )
            return null;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes[20..]);
        if (milliseconds is < 0 or > LastMillisecond)
            return null;
        return new ReplayCursor(
            BinaryPrimitives.ReadInt32BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[12..]),
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        );
    }
}
