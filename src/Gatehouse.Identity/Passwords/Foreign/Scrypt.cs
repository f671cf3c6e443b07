using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>scrypt (RFC 7914) as a PHC string: <c>$scrypt$ln=14,r=8,p=1$salt$tag</c>, in Base64 without padding.</summary>
internal sealed class Scrypt : IForeignScheme
{
    // One lane takes N times r blocks of 128 bytes.
    private const long MaxBlocks = 64 * 1024 * 1024 / 128;
    private const int MaxLanes = 4;

    public static readonly HashKernel Kernel = new(
        "scrypt",
        MaxBlocks * MaxLanes,
        ProbeUnits: 8 << 10,
        () => Derive([], [], n: 1 << 10, r: 8, p: 1, new byte[32])
    );

    public ForeignHash? Read(string stored) =>
        stored.Split('$') is ["", "scrypt", var cost, var salt, var tag]
        && cost.Split(',') is [['l', 'n', '=', .. var ln], ['r', '=', .. var r], ['p', '=', .. var p]]
        && Number(ln, most: 31) is { } exponent
        && Number(r, most: 1 << 10) is { } size
        && Number(p, most: 1 << 10) is { } lanes
        && Base64Text.Read(salt, isPadded: false) is { } saltBytes
        && Base64Text.Read(tag, isPadded: false) is { Length: >= 16 and <= 64 } bytes
            ? Hash(1UL << exponent, (uint)size, (uint)lanes, saltBytes, bytes, $"$scrypt${cost}$")
            : null;

    private static ForeignHash Hash(ulong n, uint r, uint p, byte[] salt, byte[] tag, string costPrefix)
    {
        var blocks = (long)n * r;
        return new ForeignHash(Kernel, blocks * p, costPrefix, text => Matches(text, n, r, p, salt, tag))
        {
            IsTooCostly = blocks > MaxBlocks || blocks * p > Kernel.MaxUnits,
        };
    }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : null;

    private static bool Matches(string text, ulong n, uint r, uint p, byte[] salt, byte[] tag)
    {
        var password = Encoding.UTF8.GetBytes(text);
        var derived = new byte[tag.Length];
        Derive(password, salt, n, r, p, derived);
        CryptographicOperations.ZeroMemory(password);
        return CryptographicOperations.FixedTimeEquals(derived, tag);
    }

    private static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ulong n, uint r, uint p, Span<byte> derived)
    {
        // libsodium rejects what was capped before, and else only when it cannot have the memory.
        if (Sodium.Scrypt(password, (nuint)password.Length, salt, (nuint)salt.Length, n, r, p, derived, (nuint)derived.Length) != 0)
            throw new InvalidOperationException($"No memory for a password hash (scrypt, {n * r / 8} KiB).");
    }
}
