using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// What a device holds to be known again at the next sign-in of the same user (OWASP: device cookies). It opens nothing: it only puts
/// attempts from that device into a bucket of their own, so that guesses from elsewhere do not make its owner wait.
/// </summary>
internal sealed class DeviceToken
{
    private const byte Format = 1;
    private const int HeadSize = 1 + 16 + 16 + 16;
    private const int Size = HeadSize + HMACSHA256.HashSizeInBytes;

    private DeviceToken(Guid deviceId) => DeviceId = deviceId;

    public Guid DeviceId { get; }

    /// <summary>The text for the device, signed.</summary>
    /// <param name="passwordChangedAt">Bound into the signature: a new password makes every device unknown again.</param>
    public static string Issue(ReadOnlySpan<byte> serverKey, Guid tenantId, Guid userId, Guid deviceId, DateTimeOffset? passwordChangedAt)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Format;
        tenantId.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        userId.TryWriteBytes(bytes[17..], bigEndian: true, out _);
        deviceId.TryWriteBytes(bytes[33..], bigEndian: true, out _);
        Sign(serverKey, bytes[..HeadSize], passwordChangedAt, bytes[HeadSize..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null unless this installation issued it for this user of this tenant.</summary>
    public static DeviceToken? Read(
        ReadOnlySpan<byte> serverKey,
        string? text,
        Guid tenantId,
        Guid userId,
        DateTimeOffset? passwordChangedAt
    )
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text?.Length != Base64Url.GetEncodedLength(Size))
            return null;
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size || bytes[0] != Format)
            return null;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(serverKey, bytes[..HeadSize], passwordChangedAt, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[HeadSize..]))
            return null;
        return new Guid(bytes[1..17], bigEndian: true) == tenantId && new Guid(bytes[17..33], bigEndian: true) == userId
            ? new DeviceToken(new Guid(bytes[33..49], bigEndian: true))
            : null;
    }

    private static void Sign(ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> head, DateTimeOffset? passwordChangedAt, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[HeadSize + sizeof(long)];
        head.CopyTo(message);
        BinaryPrimitives.WriteInt64BigEndian(message[HeadSize..], passwordChangedAt?.UtcTicks ?? 0);
        HMACSHA256.HashData(serverKey, message, signature);
    }
}
