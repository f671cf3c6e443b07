using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Messaging;

/// <summary>Delivery of events and durable jobs.</summary>
public sealed class MessagingOptions : ICheckSettings
{
    /// <summary>Days an event stays in the log for replay: 1 to 400, default 30. Undelivered events are kept longer.</summary>
    [Range(1, 400)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>
    /// Days for which a subscriber remembers processed events: 2 to 800, default 40. Must exceed the retention of the log, otherwise a
    /// replay would repeat effects.
    /// </summary>
    [Range(2, 800)]
    public int InboxRetentionDays { get; set; } = 40;

    /// <summary>
    /// Seconds of database time after which other nodes take over the partitions and jobs of an unresponsive node: 3 to 300, default
    /// 15.
    /// </summary>
    [Range(3, 300)]
    public int LeaseSeconds { get; set; } = 15;

    /// <summary>
    /// Milliseconds between polls for work that was not signalled: 50 to 60,000, default 2,000. Work created in the same process is
    /// signalled immediately.
    /// </summary>
    [Range(50, 60_000)]
    public int PollMilliseconds { get; set; } = 2_000;

    /// <summary>Attempts before an event or job becomes a dead letter: 2 to 100, default 20.</summary>
    [Range(2, 100)]
    public int MaxAttempts { get; set; } = 20;

    /// <summary>Jobs one node runs at the same time: 1 to 64, default 8.</summary>
    [Range(1, 64)]
    public int JobConcurrency { get; set; } = 8;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (InboxRetentionDays <= RetentionDays)
            yield return new ValidationResult("must be greater than RetentionDays", [nameof(InboxRetentionDays)]);
    }
}
