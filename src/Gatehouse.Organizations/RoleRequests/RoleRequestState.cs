namespace Gatehouse.Organizations.RoleRequests;

/// <summary>The states of a request: requested, perhaps under review, then approved or rejected for good.</summary>
internal static class RoleRequestState
{
    public const string Requested = "requested";
    public const string UnderReview = "under-review";
    public const string Approved = "approved";
    public const string Rejected = "rejected";

    public static IReadOnlyList<string> All { get; } = [Requested, UnderReview, Approved, Rejected];

    /// <summary>The states that a review may lead to.</summary>
    public static IReadOnlyList<string> Reviewed { get; } = [UnderReview, Approved, Rejected];

    public static bool IsOpen(string state) => state is Requested or UnderReview;
}
