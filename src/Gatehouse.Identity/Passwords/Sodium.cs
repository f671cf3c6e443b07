using System.Runtime.InteropServices;

namespace Gatehouse.Identity.Passwords;

/// <summary>The few functions of libsodium in use. The native library comes with the program, from libsodium's own package.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";

    /// <summary>crypto_pwhash_ALG_ARGON2ID13</summary>
    public const int Argon2Id = 2;

    /// <summary>crypto_pwhash_STRBYTES, the terminating zero included.</summary>
    public const int HashSize = 128;

    /// <summary>Loads the library; called at start, so that a program for another kind of machine says so then.</summary>
    public static void Start()
    {
        try
        {
            if (Initialize() >= 0)
                return;
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"The program has no libsodium for this machine ({RuntimeInformation.RuntimeIdentifier}), so passwords cannot be hashed. "
                    + "Publish it for this kind of machine.",
                e
            );
        }

        throw new InvalidOperationException("libsodium could not be initialized; passwords cannot be hashed.");
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_alg")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Hash(
        Span<byte> hash,
        ReadOnlySpan<byte> password,
        ulong passwordLength,
        ulong passes,
        nuint memory,
        int algorithm
    );

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_scryptsalsa208sha256_ll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Scrypt(
        ReadOnlySpan<byte> password,
        nuint passwordLength,
        ReadOnlySpan<byte> salt,
        nuint saltLength,
        ulong n,
        uint r,
        uint p,
        Span<byte> derived,
        nuint derivedLength
    );

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> password, ulong passwordLength);
}
