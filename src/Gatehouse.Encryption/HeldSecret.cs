using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Encryption;

/// <summary>Seals what only the holder of a secret is to read: the secret is random, long, and kept here as a hash at most.</summary>
public static class HeldSecret
{
    /// <param name="secret">Of 256 random bits at least.</param>
    /// <param name="context">What it is for, such as a table.</param>
    /// <param name="text">What is sealed.</param>
    public static byte[] Seal(string secret, string context, string text) =>
        AesGcmBox.Seal(KeyOf(secret, context), [], Encoding.UTF8.GetBytes(text));

    /// <exception cref="CryptographicException">Altered, of another secret, or of another context.</exception>
    public static string Open(string secret, string context, ReadOnlySpan<byte> box) =>
        Encoding.UTF8.GetString(AesGcmBox.Open(KeyOf(secret, context), [], box));

    private static byte[] KeyOf(string secret, string context) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), MasterKeys.KeySize, info: Encoding.UTF8.GetBytes(context));
}
