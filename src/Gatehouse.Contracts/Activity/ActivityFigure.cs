namespace Gatehouse.Contracts.Activity;

/// <summary>What people watch of a tenant, and the one place that says which actions count for it.</summary>
public sealed record ActivityFigure
{
    private const string Done = "done";
    private const string Refused = "refused";

    /// <summary>Users who registered; those whom administrators create are not among them.</summary>
    public static ActivityFigure Registrations { get; } = Of("user.registered", Done);

    /// <summary>Sessions that began: every sign-in, and the one that completes a registration.</summary>
    public static ActivityFigure SignIns { get; } = Of("session.started", Done);

    /// <summary>Wrong passwords and unknown identifiers.</summary>
    public static ActivityFigure FailedSignIns { get; } = Of("sign-in.failed", Refused);

    /// <summary>Sign-ins rejected because too many had failed before.</summary>
    public static ActivityFigure Throttled { get; } = Of("sign-in.throttled", Refused);

    /// <summary>Messages that the mail server or service accepted (<c>notification.delivered.v1</c>). The audit has no records of
    /// them.</summary>
    public static ActivityFigure MailsSent { get; } = Of("notification.delivered", Done);

    /// <summary>Messages that were not sent, or that bounced after they had been accepted (<c>notification.failed.v1</c>).</summary>
    public static ActivityFigure MailsFailed { get; } = Of("notification.failed", Refused);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<ActivityFigure> All { get; } = [Registrations, SignIns, FailedSignIns, Throttled, MailsSent, MailsFailed];

    /// <summary>The action that counts.</summary>
    public required string Action { get; init; }

    /// <summary>The result that counts.</summary>
    public required string Result { get; init; }

    /// <summary>Its number among sums.</summary>
    public long In(IEnumerable<ActivitySum> sums) => sums.Where(s => s.Action == Action && s.Result == Result).Sum(s => s.Count);

    private static ActivityFigure Of(string action, string result) => new() { Action = action, Result = result };
}
