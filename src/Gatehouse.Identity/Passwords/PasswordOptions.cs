using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Passwords;

/// <summary>Where a new password is looked up among those known from breaches.</summary>
public enum BreachCheck
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>At a range service, which learns five hex digits of its SHA-1.</summary>
    Range,
}

/// <summary>What a new password must be.</summary>
public sealed class PasswordOptions : ICheckSettings
{
    /// <summary>
    /// Fewest code points of a password that is a user's only factor. 8 to 64, default 15 (NIST SP 800-63B-4 §3.1.1.2: 15 for an
    /// only factor, 8 beside a second one, and 64 must always be accepted). Raising it binds new passwords only.
    /// </summary>
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 15;

    /// <summary>
    /// Where new passwords are looked up among those known from breaches: <c>none</c> (default) or <c>range</c>, a service as Have I Been
    /// Pwned offers it, which learns the first five hex digits of the password's SHA-1 and the address of this server. While it does not
    /// answer, passwords are accepted without it.
    /// </summary>
    public BreachCheck BreachCheck { get; set; } = BreachCheck.None;

    /// <summary>Address of the range service, without <c>/range/</c>; https outside development mode. Default <c>https://api.pwnedpasswords.com/</c>.</summary>
    public Uri BreachService { get; set; } = new("https://api.pwnedpasswords.com/");

    /// <summary>How long one look-up may take in all. 0.1 to 10 seconds, default 1 second.</summary>
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
