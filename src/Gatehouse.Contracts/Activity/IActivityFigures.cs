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

/// <summary>How often an action ended with a result within an hour.</summary>
/// <param name="Hour">The beginning of the hour, UTC.</param>
/// <param name="Action">The action, as the audit names it: <c>session.started</c>.</param>
/// <param name="Result"><c>done</c> or <c>refused</c>.</param>
/// <param name="Count">How often.</param>
public sealed record ActivityCount(DateTimeOffset Hour, string Action, string Result, long Count);

/// <summary>How often an action ended with a result.</summary>
/// <param name="Action">The action, as the audit names it: <c>session.started</c>.</param>
/// <param name="Result"><c>done</c> or <c>refused</c>.</param>
/// <param name="Count">How often.</param>
public sealed record ActivitySum(string Action, string Result, long Count);
