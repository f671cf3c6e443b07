using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Recovery;

/// <summary>The codes and links that let a user set a new password. No value can be set weaker than its floor.</summary>
public sealed class ResetOptions : ICheckSettings
{
    /// <summary>Digits of a code: 8 to 10, default 8.</summary>
    [Range(8, 10)]
    public int CodeDigits { get; set; } = 8;

    /// <summary>Minutes a code is good for, from the moment it is made: 1 to 10, default 10.</summary>
    [Range(1, 10)]
    public int CodeMinutes { get; set; } = 10;

    /// <summary>Wrong tries a code survives: 1 to 3, default 3.</summary>
    [Range(1, 3)]
    [FormerName("CodeTries")]
    public int CodeAttempts { get; set; } = 3;

    /// <summary>Minutes a link is good for, from the moment it is made, and the request with it: 10 to 30, default 30.</summary>
    [Range(10, 30)]
    public int LinkMinutes { get; set; } = 30;

    /// <summary>Messages one request may send: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int SendsPerReset { get; set; } = 5;

    /// <summary>
    /// Messages one address is sent in 24 hours, apart from those of registrations: 5 to 10, default 10. Beyond it none goes out, and nothing says so.
    /// </summary>
    [Range(5, 10)]
    public int CodesPerAddressAndDay { get; set; } = 10;

    /// <summary>How many of them only devices get that the account knows, so that no stranger can use up the owner's: 4 to 9, default 4.</summary>
    [Range(4, 9)]
    public int ReservedForKnownDevices { get; set; } = 4;

    /// <summary>How many of them may be asked for from one network (one IPv4 address, one IPv6 /64) by devices that are not known: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int CodesPerNetworkAndDay { get; set; } = 5;

    /// <summary>How many of them one known device may ask for: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int CodesPerDeviceAndDay { get; set; } = 5;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (ReservedForKnownDevices >= CodesPerAddressAndDay)
            yield return new ValidationResult("must leave some of the day's messages to devices that are not known", [nameof(ReservedForKnownDevices)]);
    }

    // Each message prolongs the request, and so does its being late.
    internal TimeSpan MaxLife => TimeSpan.FromMinutes(2 * LinkMinutes * SendsPerReset);
}
