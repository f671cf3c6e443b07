using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Messaging;

/// <summary>Delivery of events and durable jobs.</summary>
public sealed class MessagingOptions : ICheckSettings
{
    /// <summary>Days an event stays in the log for replay: 1 to 400, default 30. Undelivered events stay longer.</summary>
    [Range(1, 400)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Days a subscriber remembers what it has taken: 2 to 800, default 40. Must be longer than the log is kept, or a replay would repeat effects.</summary>
    [Range(2, 800)]
    public int InboxRetentionDays { get; set; } = 40;

    /// <summary>Seconds of database time after which the partitions and jobs of a silent node are taken over: 3 to 300, default 15.</summary>
    [Range(3, 300)]
    public int LeaseSeconds { get; set; } = 15;

    /// <summary>Milliseconds between looks for work that no signal announced: 50 to 60,000, default 2,000. Work in the same process never waits for it.</summary>
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
