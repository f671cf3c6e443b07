using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// The secret of a link in a message: 256 random bits, base64url without padding. Only its SHA-256 is stored: with so much entropy a
/// plain hash cannot be searched (ASVS 6.5.2), and looking it up by hash leaks no timing of the secret.
/// </summary>
internal sealed class LinkToken
{
    public const string Malformed = "identity.link-malformed";

    private const int Size = 32;
    private readonly byte[] secret;

    private LinkToken(byte[] secret) => this.secret = secret;

    public static LinkToken New() => new(RandomNumberGenerator.GetBytes(Size));

    public static LinkToken? Parse(string? input, string field, ValidationErrors errors)
    {
        var bytes = new byte[Size];
        if (string.IsNullOrEmpty(input))
            errors.Add(field, ValidationCodes.Required);
        else if (IsEncoding(input, bytes))
            return new LinkToken(bytes);
        else
            errors.Add(field, Malformed);
        return null;
    }

    public Hash<LinkToken> Hash() => Hash<LinkToken>.Of(secret);

    /// <summary>The text that goes into the link.</summary>
    public string Reveal() => Base64Url.EncodeToString(secret);

    public override string ToString() => "[link]";

    // The decoder skips white space, the length does not. (Its Try variant throws on a foreign character.)
    private static bool IsEncoding(string input, Span<byte> bytes) =>
        input.Length == Base64Url.GetEncodedLength(Size)
        && Base64Url.DecodeFromChars(input, bytes, out _, out var written) == OperationStatus.Done
        && written == Size;
}
