using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>The stored form of a secret that is random enough, or keyed: 32 bytes.</summary>
/// <typeparam name="TSecret">What it is the hash of: the hash of a link is none of a code.</typeparam>
public sealed class Hash<TSecret>(byte[] bytes) : IStoredValue<Hash<TSecret>, byte[]>
{
    /// <summary>A hash that no secret has.</summary>
    public static Hash<TSecret> OfNothing() => new(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

    /// <summary>The SHA-256 of random bytes.</summary>
    public static Hash<TSecret> Of(ReadOnlySpan<byte> secret) => new(SHA256.HashData(secret));

    /// <summary>The SHA-256 of random text.</summary>
    public static Hash<TSecret> Of(string secret) => Of(Encoding.UTF8.GetBytes(secret));

    public bool Matches(Hash<TSecret> other) => CryptographicOperations.FixedTimeEquals(bytes, other.ToStored());

    public byte[] ToStored() => bytes;

    public static Hash<TSecret> FromStored(byte[] stored) => new(stored);

    public override string ToString() => "[hash]";
}
