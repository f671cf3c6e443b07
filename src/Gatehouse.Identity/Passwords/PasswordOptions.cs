using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Passwords;

/// <summary>Where a new password is checked against known data breaches.</summary>
public enum BreachCheck
{
    /// <summary>No check.</summary>
    None,

    /// <summary>At a range service, which learns five hex digits of its SHA-1.</summary>
    Range,
}

/// <summary>Rules for new passwords.</summary>
public sealed class PasswordOptions : ICheckSettings
{
    /// <summary>
    /// Minimum length, in code points, of a password that is the only factor: 8 to 64, default 15 (NIST SP 800-63B-4 §3.1.1.2: 15 for a
    /// single factor, 8 with a second factor, and 64 must always be accepted). A higher value applies to new passwords only.
    /// </summary>
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 15;

    /// <summary>
    /// Minimum length, in code points, of a password beside a second factor other than a code by e-mail: 8 to 64, default 8. It counts
    /// where it is below <see cref="MinimumLength"/>.
    /// </summary>
    [Range(8, 64)]
    public int MinimumLengthWithSecondFactor { get; set; } = 8;

    /// <summary>What every password is at least as long as.</summary>
    internal int LeastLength => Math.Min(MinimumLength, MinimumLengthWithSecondFactor);

    /// <summary>
    /// Whether new passwords are checked against known data breaches: <c>none</c> (default) or <c>range</c>, a range service such as Have I
    /// Been Pwned. It receives the first five hex digits of the password's SHA-1 and the address of this server. While it does not respond,
    /// passwords are accepted without the check.
    /// </summary>
    public BreachCheck BreachCheck { get; set; } = BreachCheck.None;

    /// <summary>
    /// URL of the range service, without <c>/range/</c>; https outside development mode. Default
    /// <c>https://api.pwnedpasswords.com/</c>.
    /// </summary>
    public Uri BreachService { get; set; } = new("https://api.pwnedpasswords.com/");

    /// <summary>Timeout for one check: 0.1 to 10 seconds, default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan BreachTimeout { get; set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (BreachService.Scheme != Uri.UriSchemeHttps && (mode == SettingsMode.Production || BreachService.Scheme != Uri.UriSchemeHttp))
            yield return new ValidationResult("must begin with https:// (http:// in development mode only)", [nameof(BreachService)]);
        else if (BreachService.Query.Length > 0 || BreachService.Fragment.Length > 0 || BreachService.UserInfo.Length > 0)
            yield return new ValidationResult("must be an address without user, query and fragment", [nameof(BreachService)]);
    }
}
