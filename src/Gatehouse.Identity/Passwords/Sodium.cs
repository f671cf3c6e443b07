using System.Reflection;
using System.Runtime.InteropServices;

namespace Gatehouse.Identity.Passwords;

/// <summary>The few functions of libsodium in use. The library comes from the distribution, so that its updates reach us without a release.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium.so.23";

    /// <summary>crypto_pwhash_ALG_ARGON2ID13</summary>
    public const int Argon2Id = 2;

    /// <summary>crypto_pwhash_STRBYTES, the terminating zero included.</summary>
    public const int HashSize = 128;

    static Sodium() => NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);

    /// <summary>Loads the library; called at start, so that a machine without it says so then and not at the first registration.</summary>
    public static void Start()
    {
        try
        {
            if (Initialize() >= 0) return;
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException("libsodium is not installed; passwords cannot be hashed. On Debian or Ubuntu: apt-get install libsodium23", e);
        }

        throw new InvalidOperationException("libsodium could not be initialized; passwords cannot be hashed.");
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_alg")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Hash(Span<byte> hash, ReadOnlySpan<byte> password, ulong passwordLength, ulong passes, nuint memory, int algorithm);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> password, ulong passwordLength);

    // Elsewhere than on Debian and its kin the library has another file name.
    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return IntPtr.Zero;
        return NativeLibrary.TryLoad(name, assembly, path, out var handle) || NativeLibrary.TryLoad("libsodium", assembly, path, out handle) ? handle : IntPtr.Zero;
    }
}
