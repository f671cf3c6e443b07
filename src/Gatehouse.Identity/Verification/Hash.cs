using System.Security.Cryptography;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Verification;

/// <summary>The stored form of a code or a link, 32 bytes.</summary>
/// <typeparam name="TSecret">What it is the hash of: the hash of a link is none of a code.</typeparam>
internal sealed class Hash<TSecret>(byte[] bytes) : IStoredValue<Hash<TSecret>, byte[]>
{
    /// <summary>A hash that no code and no link has.</summary>
    public static Hash<TSecret> OfNothing() => new(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

    public bool Matches(Hash<TSecret> other) => CryptographicOperations.FixedTimeEquals(bytes, other.ToStored());

    public byte[] ToStored() => bytes;

    public static Hash<TSecret> FromStored(byte[] stored) => new(stored);

    public override string ToString() => "[hash]";
}
