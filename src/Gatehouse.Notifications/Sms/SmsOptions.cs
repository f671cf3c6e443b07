using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Sms;

/// <summary>Outgoing messages to phones: SMS and WhatsApp.</summary>
public sealed class SmsOptions : ICheckSettings
{
    internal const string DevelopmentSender = "inbox";

    private const string AnyCountry = "*";
    private const int MaxLimit = 10_000_000;

    /// <summary>
    /// How messages to phones are sent: <c>none</c> (default: they are not), <c>twilio</c> (Twilio's HTTP API), or <c>inbox</c>, which keeps
    /// them in the development inbox and exists in development mode only.
    /// </summary>
    public string Sender { get; set; } = NoTextSender.SenderName;

    /// <summary>
    /// Countries that messages are sent to, as ISO 3166 codes, each with a limit per day of its own or without: <c>ES,US,IN=20000</c>.
    /// <c>*</c> stands for all others. Required with <c>twilio</c>; otherwise empty means all.
    /// </summary>
    public string[] Countries { get; set; } = [];

    /// <summary>
    /// Maximum number of messages per country and day (UTC), of all nodes together: 1 to 10,000,000, default 1,000. Beyond it, messages are
    /// not sent. It limits what somebody can cost who requests codes for many numbers.
    /// </summary>
    [Range(1, MaxLimit)]
    public int DailyLimit { get; set; } = 1000;

    /// <summary>Maximum number of messages one node sends per second: 0 to 10,000, default 0 (no limit).</summary>
    [Range(0, 10_000)]
    public int MaxPerSecond { get; set; }

    /// <summary>Days for which a number is suppressed after its owner unsubscribed (STOP): 1 to 365, default 30.</summary>
    [Range(1, 365)]
    public int SuppressUnsubscribedDays { get; set; } = 30;

    /// <summary>With <c>twilio</c>.</summary>
    public TwilioOptions Twilio { get; set; } = new();

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        List<string> known = [NoTextSender.SenderName, TwilioSender.SenderName];
        if (mode == SettingsMode.Development)
            known.Add(DevelopmentSender);
        if (!known.Contains(Sender))
            yield return new ValidationResult("must be one of " + string.Join(", ", known), [nameof(Sender)]);
        if (Countries.Any(country => ReadCountry(country) is null))
            yield return new ValidationResult(
                "must be ISO 3166 codes of countries, each with a limit or without, such as ES,US,IN=20000, or *",
                [nameof(Countries)]
            );
        if (Sender != TwilioSender.SenderName)
            yield break;
        if (Countries.Length == 0)
            yield return new ValidationResult(
                "is required: the countries that messages are sent to, such as ES,US, or *",
                [nameof(Countries)]
            );
        foreach (var error in Twilio.Check(mode))
            yield return error;
    }

    /// <summary>How many messages may go to the country on a day.</summary>
    /// <param name="country">ISO 3166 code.</param>
    internal int LimitOf(string country)
    {
        var listed = Countries.Select(ReadCountry).OfType<(string Code, int? Limit)>().ToList();
        foreach (var (code, limit) in listed)
        {
            if (code == country)
                return limit ?? DailyLimit;
        }

        return listed.Count == 0 || listed.Exists(c => c.Code == AnyCountry) ? DailyLimit : 0;
    }

    private static (string Code, int? Limit)? ReadCountry(string entry)
    {
        var parts = entry.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts is [AnyCountry])
            return (AnyCountry, null);
        if (parts[0].Length != 2 || !parts[0].All(char.IsAsciiLetter))
            return null;
        var code = parts[0].ToUpperInvariant();
        if (parts.Length == 1)
            return (code, null);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= MaxLimit
            ? (code, limit)
            : null;
    }
}
