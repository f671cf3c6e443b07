using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Identity.Credentials;

/// <summary>How users change their own credentials.</summary>
public sealed class CredentialOptions
{
    /// <summary>
    /// Hours before a user may change the password again: 1 to 168, default 24. A reset counts as a change, and is possible at any
    /// time.
    /// </summary>
    [Range(1, 168)]
    public int HoursBetweenPasswordChanges { get; set; } = 24;
}
