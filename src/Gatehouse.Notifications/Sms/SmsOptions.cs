using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Sms;

/// <summary>Outgoing messages to phones: SMS and WhatsApp.</summary>
public sealed class SmsOptions : ICheckSettings
{
    internal const string DevelopmentSender = "inbox";

    /// <summary>
    /// How messages to phones are sent: <c>none</c> (default: they are not), or <c>inbox</c>, which keeps them in the development inbox and
    /// exists in development mode only.
    /// </summary>
    public string Sender { get; set; } = NoTextSender.SenderName;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        List<string> known = [NoTextSender.SenderName];
        if (mode == SettingsMode.Development)
            known.Add(DevelopmentSender);
        if (!known.Contains(Sender))
            yield return new ValidationResult("must be one of " + string.Join(", ", known), [nameof(Sender)]);
    }
}
