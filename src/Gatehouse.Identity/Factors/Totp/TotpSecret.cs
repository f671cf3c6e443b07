using System.Security.Cryptography;
using Gatehouse.Encryption;
using OtpNet;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// The secret that the server and an authenticator app share (RFC 6238): SHA-1, six digits, 30 seconds, which is what every app can do.
/// Encrypted at rest.
/// </summary>
internal sealed class TotpSecret : IEncryptable<TotpSecret>
{
    public const int Digits = 6;

    // RFC 4226 §4: as long as the hash.
    private const int Size = 20;

    // One step either way (RFC 6238 §5.2).
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly byte[] bytes;

    private TotpSecret(byte[] bytes) => this.bytes = bytes;

    public static string Context => "totp.secret";

    public static TotpSecret New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The time step whose code it is, or null.</summary>
    public long? StepOf(string code, DateTimeOffset now) =>
        new OtpNet.Totp(bytes).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : null;

    /// <summary>Base32, as a user types it into an app.</summary>
    public string Reveal() => Base32Encoding.ToString(bytes).TrimEnd('=');

    /// <summary>What apps read from the picture.</summary>
    public string Address(string service, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(service)}:{Uri.EscapeDataString(account)}"
        + $"?secret={Reveal()}&issuer={Uri.EscapeDataString(service)}&algorithm=SHA1&digits=6&period=30";

    public string ToStored() => Convert.ToBase64String(bytes);

    public static TotpSecret FromStored(string stored) => new(Convert.FromBase64String(stored));

    public override string ToString() => "[totp secret]";
}
