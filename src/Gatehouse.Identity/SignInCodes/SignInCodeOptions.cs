using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>Codes and links that sign in. Values weaker than the minimum are rejected.</summary>
public sealed class SignInCodeOptions : ICheckSettings, ISharedCodeQuota
{
    /// <summary>Digits of a code: 6 to 10, default 6.</summary>
    [Range(6, 10)]
    public int CodeDigits { get; set; } = 6;

    /// <summary>Lifetime of a code in minutes: 1 to 10, default 10.</summary>
    [Range(1, 10)]
    public int CodeMinutes { get; set; } = 10;

    /// <summary>Attempts per code: 1 to 5, default 3, because the code alone opens the account.</summary>
    [Range(1, 5)]
    public int CodeAttempts { get; set; } = 3;

    /// <summary>Lifetime of a link in minutes: 10 to 30, default 15.</summary>
    [Range(10, 30)]
    public int LinkMinutes { get; set; } = 15;

    /// <summary>Messages per sign-in: 1 to 5, default 5.</summary>
    [Range(1, 5)]
    public int SendsPerSignIn { get; set; } = 5;

    /// <summary>
    /// Messages per address in 24 hours, counting those of sign-in codes only: 5 to 10, default 10. Further messages are silently dropped.
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

    /// <summary>How many of these one known device may request: 1 to 10, default 8.</summary>
    [Range(1, 10)]
    public int CodesPerDeviceAndDay { get; set; } = 8;

    /// <summary>
    /// Wrong codes in a tenant within an hour, over all accounts, after which new codes have 8 digits (10 after ten times as many), and
    /// shorter ones are accepted from known devices only: 10 to 1,000, default 100. At 6 digits somebody who guesses all day opens one
    /// account with a chance of 24 times the value in a million.
    /// </summary>
    [Range(10, 1000)]
    public int WrongCodesPerTenantAndHour { get; set; } = 100;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (ReservedForKnownDevices >= CodesPerAddressAndDay)
            yield return new ValidationResult(
                "must leave some of the daily messages for unknown devices",
                [nameof(ReservedForKnownDevices)]
            );
    }
}
