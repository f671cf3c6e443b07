namespace Gatehouse.Contracts.Events;

/// <summary>What a user signs in with is another one now. The sessions that ended with it have events of their own.</summary>
public sealed record CredentialChangedV1 : IEvent
{
    public static string Type => "credential.changed.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What was changed: <c>password</c>.</summary>
    public required string Credential { get; init; }

    /// <summary>Why: <c>reset</c> (by a code or link that was sent).</summary>
    public required string Reason { get; init; }
}
