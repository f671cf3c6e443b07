using System.Security.Cryptography;

namespace Gatehouse.Encryption;

/// <summary>AES-256-GCM with a random 96-bit nonce and a 128-bit tag (NIST SP 800-38D). Layout: version 1 | nonce 12 | tag 16 |
/// ciphertext.</summary>
internal static class AesGcmBox
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + NonceSize + TagSize;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plain)
    {
        var box = new byte[HeaderSize + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, box.AsSpan(HeaderSize), box.AsSpan(1 + NonceSize, TagSize), context);
        return box;
    }

    /// <exception cref="CryptographicException">Altered, of another key, or of another context.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> box)
    {
        if (box.Length < HeaderSize || box[0] != Version)
            throw new AuthenticationTagMismatchException("Not a sealed box of this version.");
        var plain = new byte[box.Length - HeaderSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(box.Slice(1, NonceSize), box[HeaderSize..], box.Slice(1 + NonceSize, TagSize), plain, context);
        return plain;
    }
}
