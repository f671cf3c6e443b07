using System.Security.Cryptography;
using System.Text;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// A code to write down: ten letters and digits that cannot be confused (Crockford's Base32), 50 random bits, in two groups. Case, blanks
/// and hyphens do not matter when it is typed.
/// </summary>
internal sealed class RecoveryCode
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 10;

    private readonly string text;

    private RecoveryCode(string text) => this.text = text;

    public static RecoveryCode New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Null for what can be none.</summary>
    public static RecoveryCode? Parse(string typed)
    {
        var plain = string.Concat(typed.Where(c => c is not ('-' or ' ')).Select(char.ToLowerInvariant).Select(Plain));
        return plain.Length == Length && plain.All(Alphabet.Contains) ? new RecoveryCode(plain) : null;
    }

    public string Reveal() => $"{text[..5]}-{text[5..]}";

    /// <summary>The stored form: a keyed hash over user and code.</summary>
    public Hash<RecoveryCode> Hash(ReadOnlySpan<byte> serverKey, Guid tenant, Guid user)
    {
        byte[] message =
        [
            .. "recovery-code"u8,
            .. tenant.ToByteArray(bigEndian: true),
            .. user.ToByteArray(bigEndian: true),
            .. Encoding.ASCII.GetBytes(text),
        ];
        return new Hash<RecoveryCode>(HMACSHA256.HashData(serverKey, message));
    }

    public override string ToString() => "[recovery code]";

    // What Crockford's alphabet leaves out is read as what it looks like.
    private static char Plain(char c) =>
        c switch
        {
            'o' => '0',
            'i' or 'l' => '1',
            _ => c,
        };
}
