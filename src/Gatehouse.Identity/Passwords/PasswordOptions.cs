using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Identity.Passwords;

/// <summary>What a new password must be.</summary>
public sealed class PasswordOptions
{
    /// <summary>
    /// Fewest code points of a password that is a person's only factor. 8 to 64, default 15 (NIST SP 800-63B-4 §3.1.1.2: 15 for an
    /// only factor, 8 beside a second one, and 64 must always be accepted). Raising it binds new passwords only.
    /// </summary>
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 15;
}
