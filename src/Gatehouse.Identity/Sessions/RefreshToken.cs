using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// An opaque refresh token: format 1, tenant, session, generation, and 256 bits that only who has the server key and the session's seed can
/// compute. So it names the one row that answers, neither the database nor the key alone yields a token, and the same generation always
/// gives the same token.
/// </summary>
internal sealed class RefreshToken
{
    public const int SeedSize = 32;

    private const byte Format = 1;
    private const int HeadSize = 1 + 16 + 16 + 8;
    private const int Size = HeadSize + HMACSHA256.HashSizeInBytes;
    private readonly byte[] bytes;

    private RefreshToken(byte[] bytes) => this.bytes = bytes;

    public Guid TenantId => new(bytes.AsSpan(1, 16), bigEndian: true);

    public Guid SessionId => new(bytes.AsSpan(17, 16), bigEndian: true);

    public long Generation => BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(33));

    public static RefreshToken Derive(ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> seed, Guid tenantId, Guid sessionId, long generation)
    {
        var token = new byte[Size];
        token[0] = Format;
        tenantId.TryWriteBytes(token.AsSpan(1), bigEndian: true, out _);
        sessionId.TryWriteBytes(token.AsSpan(17), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(33), generation);
        Secret(serverKey, seed, token.AsSpan(0, HeadSize), token.AsSpan(HeadSize));
        return new RefreshToken(token);
    }

    /// <summary>Null for whatever this program does not issue.</summary>
    public static RefreshToken? Parse(string input)
    {
        var token = new byte[Size];
        return
            input.Length == Base64Url.GetEncodedLength(Size)
            && Base64Url.DecodeFromChars(input, token, out _, out var written) == OperationStatus.Done
            && written == Size
            && token[0] == Format
            ? new RefreshToken(token)
            : null;
    }

    /// <summary>Whether it was issued for the session with this seed by this installation.</summary>
    public bool IsGenuine(ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> seed)
    {
        Span<byte> secret = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Secret(serverKey, seed, bytes.AsSpan(0, HeadSize), secret);
        return CryptographicOperations.FixedTimeEquals(secret, bytes.AsSpan(HeadSize));
    }

    /// <summary>The text the client holds.</summary>
    public string Reveal() => Base64Url.EncodeToString(bytes);

    public override string ToString() => "[refresh token]";

    // The head has a fixed size, the seed follows: no two inputs share an encoding.
    private static void Secret(ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> head, Span<byte> secret)
    {
        Span<byte> message = stackalloc byte[HeadSize + SeedSize];
        head.CopyTo(message);
        seed.CopyTo(message[HeadSize..]);
        HMACSHA256.HashData(serverKey, message, secret);
    }
}
