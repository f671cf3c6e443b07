using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Accounts;

/// <summary>Registration and its verification codes, whose terms are those of codes for users created in the background, too. Values weaker
/// than the minimum are rejected.</summary>
public sealed class RegistrationOptions
{
    /// <summary>Digits of a code: 6 to 8, default 6.</summary>
    [Range(6, 8)]
    public int CodeDigits { get; set; } = 6;

    /// <summary>Lifetime of a code in minutes: 1 to 10, default 10 (NIST SP 800-63B-4, 3.1.3.2).</summary>
    [Range(1, 10)]
    public int CodeMinutes { get; set; } = 10;

    /// <summary>Attempts per code: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    [FormerName("CodeTries")]
    public int CodeAttempts { get; set; } = 5;

    /// <summary>Messages per registration: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int SendsPerRegistration { get; set; } = 5;

    /// <summary>Registration codes per address in 24 hours: 1 to 10, default 10. Further messages are silently dropped. Codes for users
    /// created in the background are counted apart; further ones are rejected.</summary>
    [Range(1, 10)]
    public int CodesPerAddressAndDay { get; set; } = 10;

    /// <summary>
    /// Lifetime of a pending registration, and of the link in its mail, in hours: 1 to 24, default 24. Then it is deleted and its key
    /// destroyed. Users who were signed in before they verified their address, which a role may allow, are removed then, too.
    /// </summary>
    [Range(1, 24)]
    public int LifetimeHours { get; set; } = 24;

    /// <summary>
    /// Usernames that nobody may register beside those that are always reserved (<c>admin</c>, <c>support</c>, <c>postmaster</c> and the
    /// like, and the name of the service); an operator may give them (<c>gatehouse user create</c>). Compared without regard to case and to
    /// the separators <c>. _ -</c>.
    /// </summary>
    public string[] ReservedUsernames { get; set; } = [];
}
