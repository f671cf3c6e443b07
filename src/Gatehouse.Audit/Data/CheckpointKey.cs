using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Audit.Data;

/// <summary>Signs and verifies checkpoints: ES256 (ECDSA on P-256 with SHA-256, the two numbers side by side), with a key derived from the
/// server key <c>audit</c>.</summary>
public sealed class CheckpointKey(Func<byte[]> seed) : IDisposable
{
    // Eight bytes beyond the order make every scalar equally likely (FIPS 186-5, A.2.1).
    private const int DerivedBytes = 40;

    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture
    );

    private readonly Lazy<ECDsa> key = new(() => Derive(seed()));

    /// <summary>The public half, as PEM: with it anybody can verify checkpoints.</summary>
    public string PublicPem => key.Value.ExportSubjectPublicKeyInfoPem();

    internal byte[] Sign(byte[] message) =>
        key.Value.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    internal bool Verifies(byte[] message, byte[] signature) =>
        key.Value.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose()
    {
        if (key.IsValueCreated)
            key.Value.Dispose();
    }

    internal static ECDsa Derive(byte[] seed)
    {
        var derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            seed,
            DerivedBytes,
            info: Encoding.UTF8.GetBytes("gatehouse audit checkpoints")
        );
        var scalar = (new BigInteger(derived, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var d = new byte[32];
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(d, d.Length - bytes.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
    }
}
