namespace Gatehouse.Contracts.Activity;

/// <summary>What people watch of a tenant, and the one place that says which actions count for it.</summary>
/// <param name="Name">Its name for programs.</param>
/// <param name="Action">The action.</param>
/// <param name="Result">Its result.</param>
public sealed record ActivityFigure(string Name, string Action, string Result)
{
    private const string Done = "done";
    private const string Refused = "refused";

    /// <summary>Users who registered; those whom administrators create are not among them.</summary>
    public static ActivityFigure Registrations { get; } = new("registrations", "user.registered", Done);

    /// <summary>Sessions that began: every sign-in, and the one that completes a registration.</summary>
    public static ActivityFigure SignIns { get; } = new("signIns", "session.started", Done);

    /// <summary>Wrong passwords and unknown identifiers.</summary>
    public static ActivityFigure FailedSignIns { get; } = new("failedSignIns", "sign-in.failed", Refused);

    /// <summary>Sign-ins rejected because too many had failed before.</summary>
    public static ActivityFigure Throttled { get; } = new("throttled", "sign-in.throttled", Refused);

    /// <summary>Messages that the mail server or service accepted (<c>notification.delivered.v1</c>). The audit has no records of
    /// them.</summary>
    public static ActivityFigure MailsSent { get; } = new("mailsSent", "notification.delivered", Done);

    /// <summary>Messages that were not sent, or that bounced after they had been accepted (<c>notification.failed.v1</c>).</summary>
    public static ActivityFigure MailsFailed { get; } = new("mailsFailed", "notification.failed", Refused);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<ActivityFigure> All { get; } = [Registrations, SignIns, FailedSignIns, Throttled, MailsSent, MailsFailed];

    /// <summary>Its number among sums.</summary>
    public long In(IEnumerable<ActivitySum> sums) => sums.Where(s => s.Action == Action && s.Result == Result).Sum(s => s.Count);
}
