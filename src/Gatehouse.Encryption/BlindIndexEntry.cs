using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>What <see cref="BlindIndex"/> makes of a value.</summary>
public sealed class BlindIndexEntry(byte[] hash) : IStoredValue<BlindIndexEntry, byte[]>, IEquatable<BlindIndexEntry>
{
    public byte[] ToStored() => hash;

    public static BlindIndexEntry FromStored(byte[] stored) => new(stored);

    public bool Equals(BlindIndexEntry? other) => other is not null && hash.AsSpan().SequenceEqual(other.ToStored());

    public override bool Equals(object? obj) => Equals(obj as BlindIndexEntry);

    public override int GetHashCode() => BitConverter.ToInt32(hash);

    public override string ToString() => Convert.ToHexStringLower(hash);
}
