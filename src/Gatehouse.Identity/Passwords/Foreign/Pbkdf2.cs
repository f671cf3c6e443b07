using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>PBKDF2 (RFC 8018), which several schemes use.</summary>
internal sealed class Pbkdf2
{
    private const int MaxIterations = 2_000_000;
    private const int MaxTag = 64;

    public static readonly Pbkdf2 Sha1 = new(HashAlgorithmName.SHA1, size: 20);
    public static readonly Pbkdf2 Sha256 = new(HashAlgorithmName.SHA256, size: 32);
    public static readonly Pbkdf2 Sha512 = new(HashAlgorithmName.SHA512, size: 64);

    private readonly HashAlgorithmName algorithm;
    private readonly int size;

    private Pbkdf2(HashAlgorithmName algorithm, int size)
    {
        const int ProbeIterations = 10_000;
        (this.algorithm, this.size) = (algorithm, size);
        Kernel = new HashKernel($"pbkdf2-{algorithm.Name}", MaxIterations, ProbeIterations, () => Derive([], [], ProbeIterations, size));
    }

    public HashKernel Kernel { get; }

    /// <returns>Null where one of the parts is none.</returns>
    public ForeignHash? Read(long iterations, byte[] salt, byte[] tag, string costPrefix)
    {
        if (iterations is < 1 or > int.MaxValue || tag.Length is < 16 or > MaxTag)
            return null;
        // Each block of the tag takes all iterations.
        var units = iterations * ((tag.Length + size - 1) / size);
        return new ForeignHash(Kernel, units, costPrefix, text => Matches(text, salt, (int)iterations, tag));
    }

    private bool Matches(string text, byte[] salt, int iterations, byte[] tag)
    {
        var password = Encoding.UTF8.GetBytes(text);
        var derived = Derive(password, salt, iterations, tag.Length);
        CryptographicOperations.ZeroMemory(password);
        return CryptographicOperations.FixedTimeEquals(derived, tag);
    }

    [SuppressMessage("Security", "CA5379", Justification = "The hash is what it is; it is replaced when it has done its work once.")]
    private byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, algorithm, length);
}
