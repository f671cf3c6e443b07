namespace Gatehouse.Contracts.Events;

/// <summary>A user's credential was changed. Sessions that were ended by the change have their own events.</summary>
public sealed record CredentialChangedV1 : IEvent
{
    public static string Type => "credential.changed.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The changed credential: <c>password</c>, <c>passkey</c>.</summary>
    public required string Credential { get; init; }

    /// <summary>Reason: <c>reset</c> (with a code or link), <c>added</c> (a passkey), <c>removed</c> (an administrator forces a reset, or
    /// the user removes a passkey).</summary>
    public required string Reason { get; init; }
}
