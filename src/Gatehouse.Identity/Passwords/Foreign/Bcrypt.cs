using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>
/// bcrypt, as <c>$2a$</c>, <c>$2b$</c> or <c>$2y$</c>. It looks at the first 72 bytes of a password, so what follows them is not verified
/// at the first sign-in here, as it never was before.
/// </summary>
internal sealed partial class Bcrypt : IForeignScheme
{
    private const int MaxCost = 14;

    public static readonly HashKernel Kernel = new(
        "bcrypt",
        MaxUnits: 1 << MaxCost,
        ProbeUnits: 1 << 6,
        // From the tests of jBCrypt.
        () => BCrypt.Net.BCrypt.Verify("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")
    );

    public ForeignHash? Read(string stored) =>
        Form.Match(stored) is { Success: true } form
        && int.Parse(form.Groups["cost"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is >= 4 and <= 31 and var cost
            ? new ForeignHash(Kernel, 1L << cost, stored[..7], text => BCrypt.Net.BCrypt.Verify(text, stored))
            : null;

    // The library throws on all else. The last character of the salt carries two bits, that of the tag four.
    [GeneratedRegex(
        @"^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form { get; }
}
