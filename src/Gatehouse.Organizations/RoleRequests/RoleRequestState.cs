namespace Gatehouse.Organizations.RoleRequests;

/// <summary>The states of a request: requested, perhaps under review, then approved or rejected for good.</summary>
internal static class RoleRequestState
{
    public const string Requested = "requested";
    public const string UnderReview = "under-review";
    public const string Approved = "approved";
    public const string Rejected = "rejected";

    /// <summary>The states in which a request waits for a decision, and those in which it has one.</summary>
    public const string Open = "open";

    /// <inheritdoc cref="Open" />
    public const string Decided = "decided";

    /// <summary>The predicate of the index of open requests.</summary>
    public const string IsOpenCondition = "state in ('requested', 'under-review')";

    public static IReadOnlyList<string> Filters { get; } = [Requested, UnderReview, Approved, Rejected, Open, Decided];

    public static IReadOnlyList<string> All { get; } = [Requested, UnderReview, Approved, Rejected];

    /// <summary>The states that a review may lead to.</summary>
    public static IReadOnlyList<string> Reviewed { get; } = [UnderReview, Approved, Rejected];

    /// <summary>The states that a filter stands for; null for one that is unknown.</summary>
    public static IReadOnlyList<string>? Named(string filter) =>
        filter switch
        {
            Open => [Requested, UnderReview],
            Decided => [Approved, Rejected],
            _ => All.Contains(filter, StringComparer.Ordinal) ? [filter] : null,
        };

    public static bool IsOpen(string state) => state is Requested or UnderReview;
}
