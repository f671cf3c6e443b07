using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Hosting;

namespace Gatehouse.Encryption;

/// <summary>
/// Wraps and unwraps stored keys (AES-256-GCM). Each is wrapped by a key of its own, derived from the master key and what the wrapped key
/// is for (HKDF-SHA-256), so that no master key meets its limit of random nonces and no wrapped key can be put in another's place.
/// </summary>
public sealed class MasterKeys
{
    public const int KeySize = 32;

    private readonly Dictionary<string, byte[]> keys;

    public MasterKeys(KeyOptions options)
    {
        keys = options.Parse().ToDictionary(k => k.Id, k => k.Key, StringComparer.Ordinal);
        CurrentId = options.Parse().First().Id;
        OlderIds = [.. options.Parse().Skip(1).Select(k => k.Id)];
    }

    /// <summary>The key that wraps new keys.</summary>
    public string CurrentId { get; }

    /// <summary>The keys that only open what they wrapped.</summary>
    public IReadOnlyList<string> OlderIds { get; }

    /// <exception cref="MasterKeyException">The master key that wrapped it is not configured, or is not the key it was.</exception>
    public byte[] Unwrap(string masterKeyId, string purpose, byte[] wrapped)
    {
        if (!keys.TryGetValue(masterKeyId, out var master))
            throw new MasterKeyException(
                $"Stored keys are encrypted with the master key '{masterKeyId}', which is not configured. "
                    + "Add it to GATEHOUSE__KEYS__MASTER."
            );
        try
        {
            return AesGcmBox.Open(WrappingKey(master, purpose), Encoding.UTF8.GetBytes(purpose), wrapped);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new MasterKeyException(
                $"The configured master key '{masterKeyId}' is not the one that encrypted the stored keys. "
                    + "Correct it in GATEHOUSE__KEYS__MASTER."
            );
        }
    }

    public byte[] Wrap(string purpose, ReadOnlySpan<byte> key) =>
        AesGcmBox.Seal(WrappingKey(keys[CurrentId], purpose), Encoding.UTF8.GetBytes(purpose), key);

    private static byte[] WrappingKey(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeySize, info: Encoding.UTF8.GetBytes("gatehouse.wrap.v1|" + purpose));
}

/// <summary>The master keys do not fit the stored keys. The message says what to set; it holds no secret.</summary>
public sealed class MasterKeyException(string message) : StartException(message);
