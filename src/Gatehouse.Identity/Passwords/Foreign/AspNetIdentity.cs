using System.Buffers.Binary;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>
/// ASP.NET Core Identity, version 3: Base64 of 0x01, then function, iterations and length of the salt, each as four bytes in network order,
/// then salt and tag.
/// </summary>
internal sealed class AspNetIdentity : IForeignScheme
{
    private const byte Version = 1;
    private const int Head = 13;

    // Version, function and iterations are nine bytes; twelve characters carry them.
    private const int CostLength = 12;

    public ForeignHash? Read(string stored)
    {
        // Version 3 in Base64.
        if (!stored.StartsWith("AQAAAA", StringComparison.Ordinal) || Base64Text.Read(stored, isPadded: true) is not { } bytes)
            return null;
        if (bytes.Length < Head || bytes[0] != Version)
            return null;
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5));
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9));
        return
            salt is >= 16 and <= ForeignHash.MaxLength
            && Head + salt < bytes.Length
            && FunctionOf(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1))) is { } function
            ? function.Read(iterations, bytes[Head..(Head + (int)salt)], bytes[(Head + (int)salt)..], stored[..CostLength])
            : null;
    }

    private static Pbkdf2? FunctionOf(uint number) =>
        number switch
        {
            0 => Pbkdf2.Sha1,
            1 => Pbkdf2.Sha256,
            2 => Pbkdf2.Sha512,
            _ => null,
        };
}
