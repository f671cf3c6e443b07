using System.Buffers.Binary;

namespace Gatehouse.Audit.Data;

/// <summary>Ids of records begin with the millisecond they were written in (RFC 9562, 5.7), so a range of times is a range of
/// ids.</summary>
internal static class RecordId
{
    /// <summary>The least id of that millisecond.</summary>
    public static Guid First(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
