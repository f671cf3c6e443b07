using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Tokens;

/// <summary>A signing key opened in memory.</summary>
internal abstract class SigningKey(StoredSigningKey stored)
{
    public string Id => stored.Id;

    public DateTimeOffset ActivatesAt => stored.ActivatesAt;

    public abstract byte[] Sign(ReadOnlySpan<byte> data);

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>What anybody may know of it (RFC 7517).</summary>
    public abstract PublishKeys.Jwk Describe();

    public static SigningKey Open(SigningAlgorithm algorithm, StoredSigningKey stored) =>
        algorithm == SigningAlgorithm.Rs256 ? new RsaSigningKey(stored) : new EcSigningKey(stored);
}

/// <summary>ES256.</summary>
internal sealed class EcSigningKey(StoredSigningKey stored) : SigningKey(stored)
{
    public const int SignatureSize = 64;

    private readonly ECParameters parameters = Read(stored.Pkcs8);

    // One instance serves one thread at a time. What is dropped with the key frees itself.
    private readonly ConcurrentBag<ECDsa> idle = [];

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var key = Rent();
        var signature = key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        return signature;
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
            return false;
        var key = Rent();
        var good = key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        return good;
    }

    public override PublishKeys.Jwk Describe() =>
        new()
        {
            Kty = "EC",
            Kid = Id,
            Use = "sig",
            Alg = SigningAlgorithm.Es256.Name,
            Crv = "P-256",
            X = PublishKeys.Encode(parameters.Q.X!),
            Y = PublishKeys.Encode(parameters.Q.Y!),
        };

    private ECDsa Rent() => idle.TryTake(out var key) ? key : ECDsa.Create(parameters);

    private static ECParameters Read(byte[] pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key.ExportParameters(includePrivateParameters: true);
    }
}

/// <summary>RS256.</summary>
internal sealed class RsaSigningKey(StoredSigningKey stored) : SigningKey(stored)
{
    private readonly byte[] pkcs8 = stored.Pkcs8;

    // One instance serves one thread at a time. What is dropped with the key frees itself.
    private readonly ConcurrentBag<RSA> idle = [];

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var key = Rent();
        var signature = key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(key);
        return signature;
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = Rent();
        var good = key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(key);
        return good;
    }

    public override PublishKeys.Jwk Describe()
    {
        var key = Rent();
        var parameters = key.ExportParameters(includePrivateParameters: false);
        idle.Add(key);
        return new PublishKeys.Jwk
        {
            Kty = "RSA",
            Kid = Id,
            Use = "sig",
            Alg = SigningAlgorithm.Rs256.Name,
            N = PublishKeys.Encode(parameters.Modulus!),
            E = PublishKeys.Encode(parameters.Exponent!),
        };
    }

    private RSA Rent()
    {
        if (idle.TryTake(out var one))
            return one;
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}
