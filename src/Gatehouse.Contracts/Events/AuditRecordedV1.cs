namespace Gatehouse.Contracts.Events;

/// <summary>
/// Something happened in a process that does not keep the audit itself (the split form); the process that does adds it to the audit.
/// </summary>
public sealed record AuditRecordedV1 : IEvent
{
    public static string Type => "audit.recorded.v1";

    public static string Topic => Topics.Audit;

    /// <summary>What was done or tried, such as <c>address.suppressed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The signed-in user who acted; null for everybody else.</summary>
    public Guid? Actor { get; init; }

    /// <summary>Who acted if it was not a user: <c>anonymous</c>, <c>person</c>, <c>operator</c> or <c>system</c>.</summary>
    public required string ActorKind { get; init; }

    /// <summary>The user it happened to; null if none is known.</summary>
    public Guid? Subject { get; init; }

    /// <summary>The session it belongs to.</summary>
    public Guid? Session { get; init; }

    /// <summary><c>done</c> or <c>refused</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The error code of a rejection, or why the server acted by itself.</summary>
    public string? Reason { get; init; }

    /// <summary>The client's network, never the whole address.</summary>
    public string? Network { get; init; }

    /// <summary>What the client calls itself, in a few words.</summary>
    public string? Device { get; init; }

    /// <summary>Facts of this action by name; no personal data.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }
}
