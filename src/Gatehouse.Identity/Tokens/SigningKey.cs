using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Tokens;

/// <summary>A signing key opened in memory (ES256: ECDSA on P-256 with SHA-256).</summary>
internal sealed class SigningKey(StoredSigningKey stored)
{
    public const int SignatureSize = 64;

    private readonly ECParameters parameters = Read(stored.Pkcs8);

    // One instance serves one thread at a time. What is dropped with the key frees itself.
    private readonly ConcurrentBag<ECDsa> idle = [];

    public string Id => stored.Id;

    public DateTimeOffset ActivatesAt => stored.ActivatesAt;

    /// <summary>The public point.</summary>
    public ECPoint Point => parameters.Q;

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var key = Rent();
        var signature = key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        return signature;
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
            return false;
        var key = Rent();
        var good = key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        return good;
    }

    private ECDsa Rent() => idle.TryTake(out var key) ? key : ECDsa.Create(parameters);

    private static ECParameters Read(byte[] pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key.ExportParameters(includePrivateParameters: true);
    }
}
