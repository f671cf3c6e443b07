using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Recovery;

/// <summary>Codes and links for password resets. Values weaker than the minimum are rejected.</summary>
public sealed class ResetOptions : ICheckSettings, ISharedCodeQuota
{
    /// <summary>Digits of a code: 8 to 10, default 8.</summary>
    [Range(8, 10)]
    public int CodeDigits { get; set; } = 8;

    /// <summary>Lifetime of a code in minutes: 1 to 10, default 10.</summary>
    [Range(1, 10)]
    public int CodeMinutes { get; set; } = 10;

    /// <summary>Attempts per code: 1 to 3, default 3.</summary>
    [Range(1, 3)]
    [FormerName("CodeTries")]
    public int CodeAttempts { get; set; } = 3;

    /// <summary>Lifetime of a link, and of the reset, in minutes: 10 to 30, default 30.</summary>
    [Range(10, 30)]
    public int LinkMinutes { get; set; } = 30;

    /// <summary>Messages per reset: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int SendsPerReset { get; set; } = 5;

    /// <summary>
    /// Messages per address in 24 hours, not counting those of registrations: 5 to 10, default 10. Further messages are silently dropped.
    /// </summary>
    [Range(5, 10)]
    public int CodesPerAddressAndDay { get; set; } = 10;

    /// <summary>
    /// How many of these are reserved for known devices of the account, so that others cannot use up the limit: 4 to 9, default 4.
    /// </summary>
    [Range(4, 9)]
    public int ReservedForKnownDevices { get; set; } = 4;

    /// <summary>How many of these unknown devices on one network (IPv4 address or IPv6 /64) may request: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int CodesPerNetworkAndDay { get; set; } = 5;

    /// <summary>How many of these one known device may request: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int CodesPerDeviceAndDay { get; set; } = 5;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (ReservedForKnownDevices >= CodesPerAddressAndDay)
            yield return new ValidationResult(
                "must leave some of the daily messages for unknown devices",
                [nameof(ReservedForKnownDevices)]
            );
    }

    // Each message prolongs the request, and so does its being late.
    internal TimeSpan MaxLife => TimeSpan.FromMinutes(2 * LinkMinutes * SendsPerReset);
}
