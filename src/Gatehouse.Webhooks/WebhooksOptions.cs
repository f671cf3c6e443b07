using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Webhooks;

/// <summary>Posting events to other programs.</summary>
public sealed class WebhooksOptions
{
    /// <summary>
    /// Whether events may be posted to loopback, private and other special addresses, such as those of services in the same network, and
    /// without TLS (<c>http://</c>). Default false.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Hours for which a delivery is tried again after its first attempt: 1 to 168, default 36.</summary>
    [Range(1, 168)]
    public int GiveUpAfterHours { get; set; } = 36;

    /// <summary>Hours without one successful delivery after which a webhook is disabled: 2 to 720, default 72.</summary>
    [Range(2, 720)]
    public int DisableAfterHours { get; set; } = 72;

    /// <summary>Days for which deliveries are kept, with their events, and can be sent again: 1 to 90, default 14.</summary>
    [Range(1, 90)]
    public int KeepDays { get; set; } = 14;
}
