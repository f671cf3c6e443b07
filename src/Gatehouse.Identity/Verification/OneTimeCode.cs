using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Verification;

/// <summary>A short code that a user copies from a message: exactly the agreed number of ASCII digits, leading zeros included.</summary>
internal sealed class OneTimeCode
{
    public const string Malformed = "identity.code-malformed";

    private readonly string digits;

    private OneTimeCode(string digits) => this.digits = digits;

    public static OneTimeCode New(int length)
    {
        // Six digits are the least that ASVS 6.5.4 allows.
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 6);
        return new OneTimeCode(RandomNumberGenerator.GetString("0123456789", length));
    }

    public bool IsShorterThan(int length) => digits.Length < length;

    public static OneTimeCode? Parse(string? input, int length, string field, ValidationErrors errors) =>
        Parse(input, [length], field, errors);

    /// <param name="lengths">Those that codes can have, from the shortest on.</param>
    public static OneTimeCode? Parse(string? input, IReadOnlyList<int> lengths, string field, ValidationErrors errors)
    {
        if (string.IsNullOrEmpty(input))
            errors.Add(field, ValidationCodes.Required);
        // Other digits (Arabic-Indic, full-width) are never mapped: the message carried ASCII.
        else if (lengths.Contains(input.Length) && input.All(char.IsAsciiDigit))
            return new OneTimeCode(input);
        else
            errors.Add(field, Malformed, TextInput.Limits(("digits", Meant(input.Length, lengths))));
        return null;
    }

    public string Reveal() => digits;

    // Whoever typed seven digits of eight is not told to type six.
    private static int Meant(int length, IReadOnlyList<int> lengths) => lengths.FirstOrDefault(one => one >= length, lengths[^1]);

    public override string ToString() => "[code]";
}

/// <summary>
/// The stored form of a code: HMAC-SHA-256 under a key kept outside the database, over purpose, flow and code. A code has too little
/// entropy for a plain hash (ASVS 6.5.2); with the key elsewhere, whoever reads the database cannot try all million of them.
/// </summary>
internal static class CodeHash
{
    public static byte[] Compute(ReadOnlySpan<byte> serverKey, string purpose, Guid flowId, OneTimeCode code)
    {
        // RFC 2104 §3: a key shorter than the digest weakens it.
        if (serverKey.Length < HMACSHA256.HashSizeInBytes)
            throw new ArgumentException("The key must have at least 256 bits.", nameof(serverKey));

        // The purpose carries its length and the id has a fixed one, so no two triples share an encoding.
        var name = Encoding.UTF8.GetBytes(purpose);
        var message = new byte[sizeof(int) + name.Length + 16];
        BinaryPrimitives.WriteInt32BigEndian(message, name.Length);
        name.CopyTo(message, sizeof(int));
        flowId.TryWriteBytes(message.AsSpan(sizeof(int) + name.Length), bigEndian: true, out _);
        return HMACSHA256.HashData(serverKey, [.. message, .. Encoding.ASCII.GetBytes(code.Reveal())]);
    }
}
