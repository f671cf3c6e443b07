namespace Gatehouse.Contracts.Activity;

/// <summary>
/// Answers how often things happened in a tenant. The numbers are kept while records are sealed and mails are sent, so a question costs a
/// few rows whatever the size of the audit.
/// </summary>
public interface IActivityFigures
{
    /// <summary>Counts of each hour from the one <paramref name="from"/> lies in to before <paramref name="to"/>; hours without any are
    /// left out.</summary>
    ValueTask<IReadOnlyList<ActivityCount>> ReadAsync(
        Guid tenantId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );

    /// <summary>The sums of the same hours.</summary>
    ValueTask<IReadOnlyList<ActivitySum>> SumAsync(
        Guid tenantId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );
}

/// <summary>How often an action ended with a result.</summary>
public record ActivitySum
{
    /// <summary>The action, as the audit names it: <c>session.started</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>done</c> or <c>refused</c>.</summary>
    public required string Result { get; init; }

    /// <summary>How often.</summary>
    public required long Count { get; init; }
}

/// <summary>The same within an hour.</summary>
public sealed record ActivityCount : ActivitySum
{
    /// <summary>The beginning of the hour, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }
}
