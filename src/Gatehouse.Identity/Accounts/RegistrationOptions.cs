using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Accounts;

/// <summary>Registration and the codes that prove an address. No value can be set weaker than its floor.</summary>
public sealed class RegistrationOptions
{
    /// <summary>Digits of a code: 6 to 8, default 6.</summary>
    [Range(6, 8)]
    public int CodeDigits { get; set; } = 6;

    /// <summary>Minutes a code is good for: 1 to 10, default 10 (NIST SP 800-63B-4, 3.1.3.2).</summary>
    [Range(1, 10)]
    public int CodeMinutes { get; set; } = 10;

    /// <summary>Wrong tries a code survives: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    [FormerName("CodeTries")]
    public int CodeAttempts { get; set; } = 5;

    /// <summary>Messages one registration may send: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int SendsPerRegistration { get; set; } = 5;

    /// <summary>Codes of registrations one address is sent in 24 hours, whoever asks: 1 to 10, default 10. Beyond it none goes out, and nothing says so.</summary>
    [Range(1, 10)]
    public int CodesPerAddressAndDay { get; set; } = 10;

    /// <summary>Hours an unfinished registration, and the link in its mail, lives: 1 to 24, default 24. Then it is removed and its key destroyed.</summary>
    [Range(1, 24)]
    public int LifetimeHours { get; set; } = 24;

    /// <summary>
    /// Usernames that nobody may register beside those that are always reserved (<c>admin</c>, <c>support</c>, <c>postmaster</c> and the like, and the name of the service);
    /// an operator may give them (<c>gatehouse user create</c>). Compared without regard to case and to the separators <c>. _ -</c>.
    /// </summary>
    public string[] ReservedUsernames { get; set; } = [];
}
