namespace Gatehouse.Messaging;

/// <summary>
/// Partitions carry the log side by side; one key is always in the same partition, which keeps its order. Their number is fixed by the
/// schema: changing it would reorder keys in flight.
/// </summary>
public static class Partition
{
    public const int Count = 16;

    // The last byte of a version-7 id is random, so partitions fill evenly.
    public static short Of(Guid key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes);
        return (short)(bytes[15] % Count);
    }
}
